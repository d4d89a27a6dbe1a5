import DrnIR
import DrnMethods
import DrnSource
import DrnTestSupport
import Testing

@Suite("Masks")
struct SparseTests {
  private let shape = WeightShape(inputs: 25, outputs: 40)

  private func sparse(_ share: Double, _ mask: String = "random") -> any Parameterization {
    form("sparse", ["density": .decimal(share), "mask": .word(mask)])
  }

  private func initial(_ form: any Parameterization, _ dense: Matrix, seed: UInt64 = 7) throws -> (w: Matrix, mask: Matrix) {
    var bench = Bench()
    let key = bench.key(seed)
    let start = bench.input("w", dense)
    let values = try form.initialize(dense: start, shape: shape, rank: 0, name: "w", key: key, in: &bench.builder)
    bench.output("0", values[0])
    bench.output("1", values[1])
    let results = try bench.run()
    return (try #require(results["0"]), try #require(results["1"]))
  }

  /// The counts of active weights of MEST for 1000 weights, from its schedules of sparsity.
  @Test(
    "the mask has the exact number of entries, by either draw and of a constant matrix",
    arguments: [(0.08, 80), (0.09, 90), (0.1, 100), (0.125, 125), (0.15, 150), (0.0999, 99), (0, 0), (1, 1000)])
  func counts(density: Double, count: Int) throws {
    for draw in ["random", "magnitude"] {
      for dense in [Matrix(25, 40, seed: 3), Matrix(25, 40, repeating: 0.5)] {
        let (w, mask) = try initial(sparse(density, draw), dense)
        #expect(mask.values.reduce(0, +) == Double(count) && mask.values.allSatisfy { $0 == 0 || $0 == 1 })
        #expect(w.values == zip(dense.values, mask.values).map { $0 * $1 })
      }
    }
    let dense = Matrix(25, 40, seed: 3)
    let kept = try initial(sparse(density, "magnitude"), dense).w
    #expect(abs((dense - kept).norm - dense.tail(without: count)) < 1e-12)
  }

  @Test("the seed and the name draw the mask, which is spread over the matrix")
  func seeds() throws {
    let dense = Matrix(25, 40, repeating: 1)
    let (one, two) = (try initial(sparse(0.5), dense).mask, try initial(sparse(0.5), dense, seed: 8).mask)
    #expect(one != two)
    #expect(try initial(sparse(0.5), dense).mask == one)
    // 500 of 1000 drawn: about 250 in each half, with a deviation of 8.
    #expect(abs(one.values.prefix(500).reduce(0, +) - 250) < 50)
  }

  @Test("a larger density keeps every entry and the function, a smaller one the largest")
  func densities() throws {
    func change(_ old: Double, _ new: Double, _ values: [Matrix]) throws -> [Matrix] {
      var bench = Bench()
      let key = bench.key()
      let parameters = bench.parameters(sparse(old), shape, 0, values)
      let request = TransitionRequest(
        name: "w", shape: shape, old: sparse(old), oldRank: 0, new: sparse(new), newRank: 0, direction: nil, parameters: parameters,
        slots: [], key: key)
      let result = try emitTransition(request, in: &bench.builder)
      for (index, value) in result.parameters.enumerated() { bench.output("\(index)", value) }
      let found = try bench.run()
      return [try #require(found["0"]), try #require(found["1"])]
    }
    let (w, mask) = try initial(sparse(0.08), Matrix(25, 40, seed: 3))
    let grown = try change(0.08, 0.1, [w, mask])
    #expect(grown[0] == w && grown[1].values.reduce(0, +) == 100)
    #expect(zip(mask.values, grown[1].values).allSatisfy { $0 <= $1 })
    let pruned = try change(0.1, 0.05, grown)
    #expect(pruned[1].values.reduce(0, +) == 50)
    #expect(abs((pruned[0] - w).norm - w.tail(without: 50)) < 1e-12)
    #expect(try change(0.08, 0.08, [w, mask]) == [w, mask])
  }

  // MARK: Masks over other forms

  private func call(_ word: String, _ arguments: [(String, OptionValue)]) -> OptionValue {
    .call(
      OptionCall(
        name: word, nameSpan: testSpan,
        arguments: arguments.map { .init(name: $0.0, nameSpan: nil, value: LocatedOption($0.1, testSpan)) }, span: testSpan))
  }
  private func masked(_ share: Double, of inner: OptionValue, mask: String = "random") -> any Parameterization {
    form("sparse", ["density": .decimal(share), "of": inner, "mask": .word(mask)])
  }
  private var factors: OptionValue { call("factored", [("rank", .integer(4))]) }

  @Test("each factor keeps the exact number of its own entries, by either draw, whatever the rank is", arguments: ["random", "magnitude"])
  func factorCounts(draw: String) throws {
    let form = masked(0.13, of: factors, mask: draw)
    var bench = Bench(ranks: [4])
    let key = bench.key()
    let dense = bench.input("w", Matrix(25, 40, seed: 3))
    let values = try form.initialize(dense: dense, shape: shape, rank: bench.rank(0), name: "w", key: key, in: &bench.builder)
    for (index, value) in values.enumerated() { bench.output("\(index)", value) }
    let entered = try form.represent(dense, shape: shape, rank: bench.rank(0), name: "w", key: key, in: &bench.builder)
    for (index, value) in entered.enumerated() { bench.output("entered \(index)", value) }
    let results = try bench.run()
    #expect(form.parameters(shape, rank: 4).map(\.name) == ["u", "v", "u_mask", "v_mask"])
    for prefix in ["", "entered "] {
      let found = try (0..<4).map { try #require(results["\(prefix)\($0)"]) }
      // 0.13 of 100 and of 160 entries: 13 and 20.8.
      #expect(found[2].values.reduce(0, +) == 13 && found[3].values.reduce(0, +) == 20)
      for (factor, mask) in [(found[0], found[2]), (found[1], found[3])] {
        for (value, kept) in zip(factor.values, mask.values) { #expect((value != 0) == (kept == 1)) }
      }
    }
    #expect(form.activeCount(shape, rank: 4) == 33 && masked(0.13, of: .word("dense")).activeCount(shape, rank: 0) == 130)
  }

  @Test(
    "x W, gradients, squared gradients and decay are those of the other form at the masked tensors, and zero off the masks",
    arguments: ["factored", "three_factor", "core", "power"])
  func innerGradients(word: String) throws {
    let shape = WeightShape(inputs: 7, outputs: 5)
    let arguments: [(String, OptionValue)] = word == "power" ? [("exponent", .integer(2))] : [("rank", .integer(3))]
    let form = masked(0.5, of: call(word, arguments))
    let inner = DrnTestSupport.form(word, rank: word == "power" ? nil : 3, word == "power" ? ["exponent": .integer(2)] : [:])
    var values = try randomParameters(inner, shape, rank: 3, seed: 5)
    let trained = inner.trainedIndices(shape, rank: 3)
    values += trained.map { values[$0].mask }
    let count = values.count - trained.count
    var effective = Array(values.prefix(count))
    for (index, mask) in zip(trained, values.dropFirst(count)) {
      effective[index] = Matrix(mask.rows, mask.columns, zip(effective[index].values, mask.values).map(*))
    }
    let (input, gradient) = (Matrix(4, 7, seed: 11), Matrix(7, 5, seed: 3))
    var bench = Bench(ranks: [3])
    let parameters = bench.parameters(form, shape, bench.rank(0), values)
    let (x, g) = (bench.input("x", input), bench.input("g", gradient))
    bench.output("y", try form.apply(.matrix(x), parameters: parameters, shape: shape, rank: bench.rank(0), in: &bench.builder))
    let pulled = try form.pullBackGradient(g, parameters: parameters, shape: shape, rank: bench.rank(0), in: &bench.builder)
    let squared = try form.pullBackSquared(g, parameters: parameters, shape: shape, rank: bench.rank(0), in: &bench.builder)
    let decay = try form.productDecay(parameters, shape: shape, rank: bench.rank(0), in: &bench.builder)
    #expect(pulled.count == trained.count && squared.count == trained.count && decay.count == trained.count)
    for position in trained.indices {
      bench.output("pulled \(position)", pulled[position])
      bench.output("squared \(position)", squared[position])
      bench.output("decay \(position)", decay[position])
    }
    let results = try bench.run()
    let dense = product(inner, effective, rank: 3)
    #expect(try #require(results["y"]).distance(to: input * dense) < 1e-11)
    for (position, index) in trained.enumerated() {
      for entry in effective[index].values.indices {
        func moved(_ step: Double) -> Matrix {
          var moved = effective
          moved[index].values[entry] += step * values[count + position].values[entry]
          return product(inner, moved, rank: 3)
        }
        let slope = (1 / 2e-5) * (moved(1e-5) - moved(-1e-5))
        func found(_ what: String) throws -> Double { try #require(results["\(what) \(position)"]).values[entry] }
        func sum(_ left: Matrix, _ right: Matrix) -> Double { zip(left.values, right.values).reduce(0) { $0 + $1.0 * $1.1 } }
        #expect(abs(try found("pulled") - sum(slope, gradient)) < 1e-7)
        #expect(abs(try found("squared") - sum(slope.squares, gradient)) < 1e-6)
        #expect(abs(try found("decay") - sum(slope, dense)) < 1e-6)
      }
    }
  }

  /// From one form to another of the same structure; with the moments of what is trained.
  private func change(
    _ old: any Parameterization, _ new: any Parameterization, _ values: [Matrix], moments: [Int: Matrix] = [:]
  ) throws -> (parameters: [Matrix], moments: [Int: Matrix]) {
    var bench = Bench(ranks: [4])
    let key = bench.key()
    let parameters = bench.parameters(old, shape, bench.rank(0), values)
    let specs = old.parameters(shape, rank: bench.rank(0))
    var content: [Int: Value] = [:]
    for (index, moment) in moments { content[index] = bench.input("m\(index)", specs[index].shape, moment.tensor) }
    let request = TransitionRequest(
      name: "w", shape: shape, old: old, oldRank: bench.rank(0), new: new, newRank: bench.rank(0), direction: .unchanged,
      parameters: parameters, slots: moments.isEmpty ? [] : [.init(SlotSpec("first", .gradient), content: content)], key: key)
    let result = try emitTransition(request, in: &bench.builder)
    for (index, value) in result.parameters.enumerated() { bench.output("\(index)", value) }
    for (index, value) in result.slots.first?.content ?? [:] { bench.output("moment \(index)", value) }
    let found = try bench.run()
    let indices = result.slots.first?.content.keys.sorted() ?? []
    return (
      try result.parameters.indices.map { try #require(found["\($0)"]) },
      Dictionary(uniqueKeysWithValues: try indices.map { ($0, try #require(found["moment \($0)"])) })
    )
  }

  @Test("factors that take a mask, a power or leave one keep their entries and do not go over W")
  func structures() throws {
    let plain = form("factored", rank: 4)
    let values = try randomParameters(plain, shape, rank: 4, seed: 8)
    let pruned = try change(plain, masked(0.1, of: factors), values).parameters
    for index in 0..<2 {
      let (old, mask) = (values[index], pruned[index + 2])
      let least = old.values.map(abs).sorted(by: >)[old.values.count / 10 - 1]
      #expect(mask.values == old.values.map { abs($0) >= least ? 1 : 0 })
      #expect(pruned[index].values == zip(old.values, mask.values).map { $0 * $1 })
    }
    #expect(try change(masked(0.1, of: factors), plain, pruned).parameters == Array(pruned.prefix(2)))
    // From powers of factors: the masks by |theta| are those by the entries themselves.
    let power = form("power", ["exponent": .integer(2), "of": factors])
    let thetas = values.map { Matrix($0.rows, $0.columns, $0.values.map { ($0 < 0 ? -1 : 1) * abs($0).squareRoot() }) }
    let fromPower = try change(power, masked(0.1, of: factors), thetas).parameters
    for index in pruned.indices { #expect(fromPower[index].distance(to: pruned[index]) < 1e-12) }
    let toPower = try change(plain, power, values).parameters
    for index in 0..<2 { #expect(toPower[index].distance(to: thetas[index]) < 1e-12) }
    // From a mask to a smaller one over the same factors.
    let smaller = try change(masked(0.1, of: factors), masked(0.05, of: factors), pruned).parameters
    #expect(smaller[2].values.reduce(0, +) == 5 && smaller[3].values.reduce(0, +) == 8)
    for index in 0..<2 { for (new, old) in zip(smaller[index].values, pruned[index].values) where new != 0 { #expect(new == old) } }
  }

  @Test("a moment that fits a dense one leaves masked factors with it, and none is left off the masks on the way in")
  func carried() throws {
    let form = masked(0.5, of: factors)
    let plain = try randomParameters(DrnTestSupport.form("factored", rank: 4), shape, rank: 4, seed: 6)
    let values = try change(DrnTestSupport.form("factored", rank: 4), form, plain).parameters
    let dense = Matrix(25, 40, seed: 2)
    let moments = [0: dense * values[1].transposed, 1: values[0].transposed * dense]
    var inside: [Int: Matrix] = [:]
    for (index, moment) in moments {
      inside[index] = Matrix(moment.rows, moment.columns, zip(moment.values, values[index + 2].values).map { $0 * $1 })
    }
    let out = try change(form, DrnTestSupport.form("factored", rank: 4), values, moments: inside)
    #expect(out.moments.count == 2 && out.moments.values.allSatisfy { $0.values.allSatisfy(\.isFinite) })
    let into = try change(DrnTestSupport.form("factored", rank: 4), form, plain, moments: moments)
    for index in 0..<2 {
      for (value, mask) in zip(try #require(into.moments[index]).values, into.parameters[index + 2].values) where mask == 0 {
        #expect(value == 0)
      }
    }
  }

  @Test("between input ranks of a kernel the way goes over W, under a power and under a mask", arguments: ["power", "sparse"])
  func inputRanks(word: String) throws {
    let shape = WeightShape(inputs: 12, outputs: 4, convolution: ConvolutionGeometry(kernel: Extent2(2), stride: Extent2(1)))
    func wrapped(_ inputs: Int?) -> any Parameterization {
      let arguments: [(String, OptionValue)] = [("rank", .integer(3))] + (inputs.map { [("input_rank", .integer($0))] } ?? [])
      return form(word, ["exponent": .integer(2), "density": .decimal(0.5), "of": call("tucker", arguments)])
    }
    var bench = Bench(ranks: [3])
    let key = bench.key()
    let dense = bench.input("w", Matrix(12, 4, seed: 5))
    let old = try wrapped(nil).represent(dense, shape: shape, rank: bench.rank(0), name: "w", key: key, in: &bench.builder)
    let request = TransitionRequest(
      name: "w", shape: shape, old: wrapped(nil), oldRank: bench.rank(0), new: wrapped(1), newRank: bench.rank(0), direction: .unchanged,
      parameters: old, slots: [], key: key)
    let result = try emitTransition(request, in: &bench.builder)
    bench.output("u", result.parameters[0])
    #expect(try #require(try bench.run()["u"]).columns == 1)
  }

  @Test("another inner form or rank is another form, and a rank event goes over W with masks of the new counts")
  func ranks() throws {
    #expect(!masked(0.1, of: factors).isSame(as: masked(0.1, of: .word("dense"))))
    #expect(masked(0.1, of: factors).rank == .exact(4) && masked(0.1, of: .word("dense")).rank == nil)
    #expect(masked(0.1, of: factors).structure.isSame(as: form("factored", rank: 4)))
    let form = masked(0.25, of: factors)
    let values = try randomParameters(DrnTestSupport.form("factored", rank: 4), shape, rank: 4, seed: 6)
    let start = try change(DrnTestSupport.form("factored", rank: 4), form, values).parameters
    var bench = Bench(ranks: [4, 3])
    let key = bench.key()
    let parameters = bench.parameters(form, shape, bench.rank(0), start)
    let request = TransitionRequest(
      name: "w", shape: shape, old: form, oldRank: bench.rank(0), new: form, newRank: bench.rank(1), direction: .down,
      parameters: parameters, slots: [], key: key)
    let result = try emitTransition(request, in: &bench.builder)
    for (index, value) in result.parameters.enumerated() { bench.output("\(index)", value) }
    let found = try bench.run()
    #expect(try #require(found["2"]).values.reduce(0, +) == 18 && #require(found["3"]).values.reduce(0, +) == 30)
  }
}
