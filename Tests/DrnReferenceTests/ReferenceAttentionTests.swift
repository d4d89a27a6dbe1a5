import DrnIR
import DrnReference
import DrnTestSupport
import Testing

@Suite("Attention: extents, gradients and meaning")
struct AttentionTests {
  private func builder(_ shapes: [[Dimension]]) -> (Builder, [Value]) {
    var b = Builder(function: "f", in: Module(name: "attention"))
    let values = shapes.enumerated().map { b.argument("x\($0)", role: .batch, .f32($1)) }
    return (b, values)
  }

  private func refusal(_ shapes: [[Dimension]], _ attributes: Attributes, lengths: Dimension? = nil) -> String {
    var (b, operands) = builder(shapes)
    if let lengths { operands.append(b.argument("lengths", role: .batch, TensorType(.i32, [lengths]))) }
    do {
      _ = try b.emit(.attention, operands, attributes)
      return "accepted"
    } catch { return error.message }
  }

  @Test("what does not fit is refused with the types")
  func refusals() {
    let settings = AttentionSettings(length: 4, heads: 2, groups: 1, scale: 1)
    let shapes: [[Dimension]] = [[8, 6], [8, 3], [8, 3]]
    #expect(refusal(shapes, settings.attributes) == "accepted")
    #expect(refusal(shapes, settings.attributes, lengths: 2) == "accepted")
    #expect(refusal(shapes, settings.attributes, lengths: 3).contains("i32[2] is needed as lengths"))
    #expect(refusal([[9, 6], [9, 3], [9, 3]], settings.attributes).contains("rows of f32[9, 6] are not sequences of length 4"))
    #expect(refusal([[8, 5], [8, 3], [8, 3]], settings.attributes).contains("columns of f32[8, 5] are not those of 2 heads"))
    #expect(refusal([[8, 0], [8, 0], [8, 0]], settings.attributes).contains("columns"))
    #expect(refusal([[8, 6], [8, 6], [8, 3]], settings.attributes).contains("f32[8, 3] is needed as keys"))
    #expect(refusal([[8, 6], [8, 3], [4, 3]], settings.attributes).contains("f32[8, 3] is needed as values"))
    let symbol = Dimension(Symbol(0))
    #expect(refusal([[8, symbol], [8, 3], [8, 3]], settings.attributes).contains("f32[8, r0] is not a matrix of known extents"))
    for (name, value, part) in [
      ("rotary", AttributeValue.number(10000), "turns pairs of columns"), ("rotary", .number(0.5), "neither 0 nor a base"),
      ("rotary", .number(.infinity), "neither 0 nor a base"), ("scale", .number(.nan), "scale"), ("heads", .integer(0), "at least 1"),
      ("groups", .integer(3), "multiple of groups"), ("length", .integer(0), "at least 1"), ("length", .integer(Int.max), "sequences"),
    ] {
      var changed = settings.attributes
      changed[name] = value
      #expect(refusal(shapes, changed).contains(part), "\(name)")
    }
    // Rows of logarithms past the largest integer.
    let huge = AttentionSettings(length: 1, heads: 4, scale: 1)
    #expect(refusal(Array(repeating: [Dimension(Int.max / 2), 4], count: 3), huge.attributes).contains("too many"))
  }

  @Test("nothing is differentiated through the logarithms, nor by the lengths")
  func logarithmsHaveNoGradient() throws {
    var (b, x) = builder([[4, 2], [4, 2], [4, 2]])
    x.append(b.argument("lengths", role: .batch, TensorType(.i32, [2])))
    let results = try b.emit(.attention, x, AttentionSettings(length: 2, heads: 1, scale: 1).attributes)
    let error = #expect(throws: IRError.self) {
      _ = try pullBack(of: [results[1]], cotangents: [results[1]], wrt: [x[0]], in: &b, from: 0)
    }
    #expect(error?.message == "attention has no gradient through its statistics")
    #expect(throws: IRError.self) { _ = try pullBack(of: [results[0]], cotangents: [x[0]], wrt: [x[3]], in: &b, from: 0) }
    let gradients = try pullBack(of: [results[0]], cotangents: [x[0]], wrt: Array(x[0..<3]), in: &b, from: 0)
    #expect(gradients.map { b.type(of: $0) } == Array(repeating: .f32([4, 2]), count: 3))
  }

  private func results(_ shapes: [[Int]], _ settings: AttentionSettings, lengths: [Double]? = nil, seed: UInt64 = 1) throws -> (
    inputs: [ReferenceTensor], results: [ReferenceTensor]
  ) {
    var random = SplitMix64(seed: seed)
    let inputs = shapes.map { random.tensor($0) }
    return (inputs, try self.results(inputs, settings, lengths: lengths))
  }

  private func results(_ inputs: [ReferenceTensor], _ settings: AttentionSettings, lengths: [Double]? = nil) throws -> [ReferenceTensor] {
    var sample = OpSample("", inputs, settings.attributes)
    if let lengths {
      sample.append(ReferenceTensor(shape: [lengths.count], values: lengths), TensorType(.i32, [Dimension(lengths.count)]))
    }
    return try evaluateOp(.attention, sample)
  }

  @Test("of one position the result is the value, of equal keys the mean of those that are seen")
  func simpleCases() throws {
    let one = try results([[3, 4], [3, 4], [3, 4]], AttentionSettings(length: 1, heads: 2, scale: 0.5, rotary: 10))
    expectEqual(one.results[0].values, one.inputs[2].values)
    var random = SplitMix64(seed: 4)
    let (q, v) = (random.tensor([4, 1]), matrix([[1], [2], [6], [11]]))
    let settings = AttentionSettings(length: 4, heads: 1, isCausal: true, scale: 1)
    let means = try results([q, matrix([[0], [0], [0], [0]]), v], settings)
    expectEqual(means[0].values, [1, 1.5, 3, 5])
    var open = settings
    open.isCausal = false
    let short = try results([q, matrix([[0], [0], [0], [0]]), v], open, lengths: [3])
    expectEqual(short[0].values, [3, 3, 3, 0])
    #expect(short[1].values[3] == 0)
  }

  @Test("a head uses the keys and values of its group, as if each had them to itself")
  func groups() throws {
    let (inputs, grouped) = try results([[6, 8], [6, 4], [6, 4]], AttentionSettings(length: 3, heads: 4, groups: 2, scale: 1))
    func repeated(_ x: ReferenceTensor) -> ReferenceTensor {
      let values = (0..<6).flatMap { row in [0, 1, 0, 1, 2, 3, 2, 3].map { x.values[row * 4 + $0] } }
      return ReferenceTensor(shape: [6, 8], values: values)
    }
    let own = try results([inputs[0], repeated(inputs[1]), repeated(inputs[2])], AttentionSettings(length: 3, heads: 4, scale: 1))
    for (left, right) in zip(grouped, own) { expectEqual(left.values, right.values) }
  }

  @Test("a rotary embedding turns by the position: column i with i + d/2, and scores depend on distances alone")
  func rotary() throws {
    // One pair of base 1 turns by t: the score of query t with key s is that of vectors at an angle of t - s.
    let settings = AttentionSettings(length: 3, heads: 1, scale: 1, rotary: 1)
    let (q, k) = (matrix([[1, 0], [1, 0], [1, 0]]), matrix([[1, 0], [1, 0], [1, 0]]))
    let logarithms = try results([q, k, k], settings)[1].values
    let sums = (0..<3).map { t in (0..<3).reduce(0.0) { $0 + exponential(cosine(Double(t - $1))) } }
    for (found, sum) in zip(logarithms, sums) { #expect(abs(exponential(found) - sum) < 1e-12) }
  }

  /// By their series, so that no other library takes part.
  private func exponential(_ x: Double) -> Double { (1...40).reversed().reduce(1.0) { 1 + $0 * x / Double($1) } }
  private func cosine(_ x: Double) -> Double { (1...20).reversed().reduce(1.0) { 1 - $0 * x * x / Double(2 * $1 * (2 * $1 - 1)) } }

  @Test("what is not seen takes no part, be it NaN")
  func unseen() throws {
    let settings = AttentionSettings(length: 3, heads: 1, isCausal: true, scale: 1)
    var random = SplitMix64(seed: 6)
    var inputs = (0..<3).map { _ in random.tensor([3, 2]) }
    let clean = try results(inputs, settings)[0].values
    for index in inputs.indices { inputs[index].values[4] = .nan }
    let spoilt = try results(inputs, settings)[0].values
    #expect(Array(spoilt[..<4]) == Array(clean[..<4]) && spoilt[4...].allSatisfy(\.isNaN))
    #expect(try results(inputs, settings, lengths: [2])[0].values == Array(clean[..<4]) + [0, 0])
  }
}
