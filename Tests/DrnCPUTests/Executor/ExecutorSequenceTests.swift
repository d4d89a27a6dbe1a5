import DrnCPU
import DrnIR
import DrnPlan
import DrnReference
import DrnTestSupport
import Testing

/// Attention and its gradient in one function, by the gradient rule.
private struct AttentionSample {
  var batch: Int
  var size: Int
  var settings: AttentionSettings
  var lengths: [Double]?

  /// Drawn odd: from sequences of one position to some dozens, heads of one column to some dozens.
  init(seed: Int) {
    var numbers = SplitMix64(seed: UInt64(seed))
    let groups = 1 + numbers.below(3)
    batch = 1 + numbers.below(5)
    size = [1, 2, 5, 8, 17, 33, 40][numbers.below(7)]
    settings = AttentionSettings(
      length: [1, 2, 7, 16, 31, 33, 63, 70][numbers.below(8)], heads: groups * (1 + numbers.below(3)), groups: groups,
      isCausal: seed % 2 == 0, scale: 0.4, rotary: size % 2 == 0 && seed % 3 != 0 ? 100 : 0)
    let end = settings.length + 3
    if seed % 3 == 1 { lengths = (0..<batch).map { _ in Double(numbers.below(end) - 1) } }
  }

  init(batch: Int, size: Int, _ settings: AttentionSettings) {
    (self.batch, self.size, self.settings) = (batch, size, settings)
  }

  func module() throws -> Module {
    var b = Builder(function: "f", in: Module(name: "attention"))
    func matrix(_ name: String, heads: Int) -> Value {
      b.argument(name, role: .batch, .f32([Dimension(batch * settings.length), Dimension(heads * size)]))
    }
    let (q, k, v) = (matrix("q", heads: settings.heads), matrix("k", heads: settings.groups), matrix("v", heads: settings.groups))
    let dy = matrix("dy", heads: settings.heads)
    let lengths = lengths == nil ? nil : b.argument("lengths", role: .batch, TensorType(.i32, [Dimension(batch)]))
    let results = try b.emit(.attention, [q, k, v] + (lengths.map { [$0] } ?? []), settings.attributes)
    let gradients = try pullBack(of: [results[0]], cotangents: [dy], wrt: [q, k, v], in: &b, from: 0)
    for (name, value) in zip(["y", "lse", "dq", "dk", "dv"], results + gradients) { b.result(name, role: .output, value) }
    var module = Module(name: "attention")
    module.set(b.function)
    return module
  }

  func arguments(_ module: Module, seed: UInt64 = 1) throws -> Arguments {
    var arguments = module.sampleArguments("f", seed: seed, classes: 1)
    if let lengths { arguments["lengths"]?.values = lengths }
    return arguments
  }
}

@Suite("Executor: sequences")
struct ExecutorSequenceTests {
  private func run(_ module: Module, _ arguments: Arguments, threads: Int) throws -> Segment {
    let segment = try Segment(module: module, functions: ["f"], threads: threads, isGuarded: true)
    #expect(checkPlan(segment.plan, module) == [])
    try segment.write(arguments)
    try segment.run("f")
    try segment.run("f")
    return segment
  }

  private func expectAgreement(_ sample: AttentionSample, _ what: String) throws {
    let module = try sample.module()
    let arguments = try sample.arguments(module)
    let segment = try run(module, arguments, threads: 2)
    let reference = try evaluate(function: try #require(module.function("f")), module: module, arguments: arguments)
    for (name, expected) in reference {
      let largest = expected.values.reduce(1) { max($0, abs($1)) }
      expectClose(try segment.read(name), expected, tolerance: 1e-5, magnitude: largest, "\(what), \(name)")
    }
  }

  @Test("attention and its gradients are those of the reference at random odd shapes, in guarded memory", arguments: 0..<40)
  func agrees(seed: Int) throws {
    let sample = AttentionSample(seed: seed)
    try expectAgreement(sample, "\(sample)")
  }

  @Test("so are those of few heads, whose sequences are divided")
  func divided() throws {
    for (batch, length, heads, groups) in [(1, 200, 1, 1), (1, 130, 4, 2), (2, 300, 2, 1), (3, 161, 1, 1)] {
      for isCausal in [false, true] {
        let settings = AttentionSettings(length: length, heads: heads, groups: groups, isCausal: isCausal, scale: 0.4, rotary: 1000)
        try expectAgreement(AttentionSample(batch: batch, size: 6, settings), "\(batch) of \(length) x \(heads) of \(groups)")
      }
    }
  }

  @Test("any number of threads gives the same bits")
  func threadsAgree() throws {
    for (batch, heads, groups) in [(1, 2, 1), (2, 3, 3), (5, 4, 2)] {
      let settings = AttentionSettings(length: 150, heads: heads, groups: groups, isCausal: true, scale: 0.2, rotary: 10000)
      let module = try AttentionSample(batch: batch, size: 20, settings).module()
      let arguments = module.sampleArguments("f", seed: 2, classes: 1)
      let segments = try [1, 2, 5].map { try run(module, arguments, threads: $0) }
      for port in try #require(module.function("f")).results {
        let bits = try segments.map { try $0.read(port.name).map(\.bitPattern) }
        #expect(bits[0] == bits[1] && bits[0] == bits[2], "\(port.name)")
      }
    }
  }

  @Test("NaN and infinities spread as in the reference", arguments: 0..<24)
  func specialValues(seed: Int) throws {
    let sample = AttentionSample(seed: seed)
    let module = try sample.module()
    var arguments = try sample.arguments(module)
    var numbers = SplitMix64(seed: UInt64(seed))
    for name in ["q", "k", "v", "dy"].dropFirst(seed % 3) {
      let count = arguments[name]?.values.count ?? 0
      arguments[name]?.values[numbers.below(count)] = [.nan, .infinity, -.infinity][numbers.below(3)]
    }
    let segment = try run(module, arguments, threads: 2)
    let reference = try evaluate(function: try #require(module.function("f")), module: module, arguments: arguments)
    for (name, expected) in reference {
      for (index, (found, right)) in zip(try segment.read(name), expected.values).enumerated() {
        let isRight = right.isNaN ? found.isNaN : Double(found) == right || abs(Double(found) - right) <= 1e-4 * max(1, abs(right))
        guard !isRight else { continue }
        Issue.record("\(sample), \(name)[\(index)]: \(found), the reference \(right)")
        return
      }
    }
  }

  @Test("no sequences at all, and sequences of which nothing is seen")
  func empty() throws {
    let settings = AttentionSettings(length: 5, heads: 2, scale: 1)
    let none = try AttentionSample(batch: 0, size: 3, settings).module()
    #expect(try run(none, try none.sampleArguments("f", seed: 1, classes: 1), threads: 2).read("y") == [])
    // A table of turns of that length would not fit the machine.
    let long = AttentionSettings(length: 1 << 58, heads: 2, scale: 1, rotary: 10)
    let vast = try AttentionSample(batch: 0, size: 2, long).module()
    #expect(throws: Never.self) { _ = try Segment(module: vast, functions: ["f"], threads: 2) }
    var unseen = AttentionSample(batch: 2, size: 3, settings)
    unseen.lengths = [0, -7]
    let module = try unseen.module()
    let segment = try run(module, try unseen.arguments(module), threads: 2)
    for name in ["y", "lse", "dq", "dk", "dv"] { #expect(try segment.read(name).allSatisfy { $0 == 0 }, "\(name)") }
  }

  @Test("rows chosen by tokens are those of the reference, tokens outside among them", arguments: 0..<12)
  func tokens(seed: Int) throws {
    var numbers = SplitMix64(seed: UInt64(seed))
    let (count, classes, columns) = (1 + numbers.below(300), 1 + numbers.below(90), 1 + numbers.below(70))
    var b = Builder(function: "f", in: Module(name: "tokens"))
    let tokens = b.argument("tokens", role: .batch, TensorType(.i32, [Dimension(count)]))
    let table = b.argument("table", role: .batch, .f32([Dimension(classes), Dimension(columns)]))
    let rows = b.argument("rows", role: .batch, .f32([Dimension(count), Dimension(columns)]))
    b.result("one_hot", role: .output, try b.oneHot(tokens, classes: classes))
    b.result("gathered", role: .output, try b.gatherRows(tokens, table))
    b.result("scattered", role: .output, try b.scatterRows(tokens, rows, rows: classes))
    var module = Module(name: "tokens")
    module.set(b.function)
    var arguments = module.sampleArguments("f", seed: UInt64(seed), classes: 1)
    arguments["tokens"]?.values = (0..<count).map { _ in Double(numbers.below(classes + 2) - 1) }
    arguments["tokens"]?.values[0] = seed % 2 == 0 ? Double(Int32.min) : Double(Int32.max)
    let reference = try evaluate(function: b.function, module: module, arguments: arguments)
    let segments = try [1, 2, 5].map { try run(module, arguments, threads: $0) }
    for (name, expected) in reference {
      expectClose(try segments[0].read(name), expected, tolerance: 1e-6, magnitude: 100, name)
      let bits = try segments.map { try $0.read(name).map(\.bitPattern) }
      #expect(bits[0] == bits[1] && bits[0] == bits[2], "\(name)")
    }
  }
}
