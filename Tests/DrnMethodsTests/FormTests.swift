import DrnIR
import DrnMethods
import DrnReference
import DrnTestSupport
import Testing

@Suite("Forms of weights")
struct FormTests {
  static let shape = WeightShape(inputs: 7, outputs: 5)
  static let names = matrixForms
  // Double precision with products of a few dozen terms of size 1.
  static let rounding = 1e-12

  @Test("the word of every form leads back to it, and an unknown word to none")
  func words() {
    for type in Parameterizations.all { #expect(Parameterizations.named(type.spec.name)?.spec.name == type.spec.name) }
    #expect(Parameterizations.named("densely") == nil)
  }

  @Test("x W through the form equals x times the reconstructed W (I1)", arguments: names)
  func appliesItself(name: String) throws {
    let form = form(name, rank: !hasRank(name) ? nil : 3)
    let values = try randomParameters(form, Self.shape, rank: 3, seed: 5)
    let input = Matrix(4, 7, seed: 11)
    var bench = Bench(ranks: [3])
    let parameters = bench.parameters(form, Self.shape, bench.rank(0), values)
    let x = bench.input("x", input)
    bench.output("y", try form.apply(.matrix(x), parameters: parameters, shape: Self.shape, rank: bench.rank(0), in: &bench.builder))
    bench.output("w", try form.reconstruct(parameters, shape: Self.shape, rank: bench.rank(0), in: &bench.builder))
    let results = try bench.run()
    let dense = product(form, values, rank: 3)
    #expect(try #require(results["w"]).distance(to: dense) < Self.rounding)
    #expect(try #require(results["y"]).distance(to: input * dense) < Self.rounding)
  }

  @Test("gradients of parameters are projections of the dense gradient (I3)")
  func gradientsAreProjections() throws {
    let gradient = Matrix(7, 5, seed: 3)
    func pulled(_ name: String) throws -> (p: [Matrix], g: [Matrix]) {
      let form = form(name, rank: 3)
      let values = try randomParameters(form, Self.shape, rank: 3, seed: 9)
      var bench = Bench(ranks: [3])
      let parameters = bench.parameters(form, Self.shape, bench.rank(0), values)
      let dense = bench.input("g", gradient)
      let results = try form.pullBackGradient(dense, parameters: parameters, shape: Self.shape, rank: bench.rank(0), in: &bench.builder)
      for (index, value) in results.enumerated() { bench.output("\(index)", value) }
      let found = try bench.run()
      return (values, results.indices.compactMap { found["\($0)"] })
    }
    let (f, gf) = try pulled("factored")
    #expect(gf[0].distance(to: gradient * f[1].transposed) < Self.rounding)
    #expect(gf[1].distance(to: f[0].transposed * gradient) < Self.rounding)
    let (c, gc) = try pulled("core")
    #expect(gc.count == 1)
    #expect(gc[0].distance(to: c[0].transposed * gradient * c[2].transposed) < Self.rounding)
    let (a, ga) = try pulled("adapter")
    #expect(ga[0].distance(to: (16.0 / 3) * (gradient * a[2].transposed)) < Self.rounding)
    #expect(ga[1].distance(to: (16.0 / 3) * (a[1].transposed * gradient)) < Self.rounding)
  }

  @Test(
    "a dense W of full rank comes back from every form, and a truncation misses it by the tail of its singular values", arguments: names)
  func represents(name: String) throws {
    let dense = Matrix(7, 5, seed: 21)
    for rank in [5, 3] {
      let form = form(name, rank: !hasRank(name) ? nil : rank)
      var bench = Bench(ranks: [rank])
      let w = bench.input("w", dense)
      let key = bench.key()
      let parameters = try form.represent(w, shape: Self.shape, rank: bench.rank(0), name: "w", key: key, in: &bench.builder)
      bench.output("again", try form.reconstruct(parameters, shape: Self.shape, rank: bench.rank(0), in: &bench.builder))
      bench.output("s", try bench.builder.singularValues(w).s)
      let results = try bench.run()
      let error = (try #require(results["again"]) - dense).norm
      let tail = try #require(results["s"]).values.dropFirst(rank).reduce(0) { $0 + $1 * $1 }.squareRoot()
      switch form.fidelity(rank: rank, shape: Self.shape) {
      case .exact, .additive: #expect(error < 1e-11)
      case .truncating where name == "sparse": #expect(abs(error - dense.tail(without: 17)) < 1e-11)
      case .truncating:
        #expect(abs(error - tail) < 1e-11)
        #expect(tail > 0.1)
      }
    }
  }

  @Test("factors of a rank-deficient W are not both zero in any direction", arguments: ["factored"])
  func keepsGradientsAlive(name: String) throws {
    let dense = Matrix(7, 2, seed: 1) * Matrix(2, 5, seed: 2)
    let form = form(name, rank: 4)
    var bench = Bench(ranks: [4])
    let w = bench.input("w", dense)
    let key = bench.key()
    let parameters = try form.represent(w, shape: Self.shape, rank: bench.rank(0), name: "w", key: key, in: &bench.builder)
    bench.output("u", parameters[0])
    bench.output("again", try form.reconstruct(parameters, shape: Self.shape, rank: bench.rank(0), in: &bench.builder))
    let results = try bench.run()
    let u = try #require(results["u"])
    for column in 0..<4 { #expect((0..<7).reduce(0) { $0 + u[$1, column] * u[$1, column] } > 1e-7) }
    #expect(try #require(results["again"]).distance(to: dense) < Self.rounding)
  }

  @Test("the product of glorot_product factors has the mean square of the dense draw, and glorot_each its own Glorot limits")
  func draws() throws {
    let shape = WeightShape(inputs: 30, outputs: 20)
    func initial(_ word: String) throws -> [String: Matrix] {
      let form = form("factored", rank: 10, ["initial": .word(word)])
      var bench = Bench(ranks: [10])
      let key = bench.key(99)
      let dense = try bench.builder.randomUniform([30, 20], limit: 0.2, stream: "w", key: key)
      let values = try form.initialize(dense: dense, shape: shape, rank: bench.rank(0), name: "w", key: key, in: &bench.builder)
      bench.output("dense", dense)
      bench.output("u", values[0])
      bench.output("v", values[1])
      return try bench.run()
    }
    let balanced = try initial("glorot_product")
    let (u, v) = (try #require(balanced["u"]), try #require(balanced["v"]))
    // 600 entries of 10 terms each: the mean square spreads by several percent.
    #expect(try abs((u * v).norm / (#require(balanced["dense"])).norm - 1) < 0.2)
    let each = try initial("glorot_each")
    let largest = try #require(each["u"]).values.map(abs).max() ?? 0
    let limit = (6.0 / 40).squareRoot()
    #expect(largest <= limit && largest > 0.95 * limit)
    #expect(try initial("zeros_last")["v"]?.norm == 0)
    #expect(try #require(try initial("svd")["u"]).rows == 30)
  }

  @Test("the squared Jacobian is that of the reconstruction, entry by entry", arguments: names.filter { $0 != "power" })
  func squaredJacobian(name: String) throws {
    let form = form(name, rank: !hasRank(name) ? nil : 2)
    let values = try randomParameters(form, Self.shape, rank: 2, seed: 31)
    let squares = Matrix(7, 5, seed: 8).squares
    var bench = Bench(ranks: [2])
    let parameters = bench.parameters(form, Self.shape, bench.rank(0), values)
    let dense = bench.input("g2", squares)
    let pulled = try form.pullBackSquared(dense, parameters: parameters, shape: Self.shape, rank: bench.rank(0), in: &bench.builder)
    for (index, value) in pulled.enumerated() { bench.output("\(index)", value) }
    let results = try bench.run()
    for (position, index) in form.trainedIndices(Self.shape, rank: 2).enumerated() {
      let found = try #require(results["\(position)"])
      for entry in found.values.indices {
        // The reconstruction is linear in one entry, so a difference of step 1 is its derivative.
        var moved = values
        moved[index].values[entry] += 1
        let slope = product(form, moved, rank: 2) - product(form, values, rank: 2)
        let expected = zip(slope.squares.values, squares.values).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(found.values[entry] - expected) < 1e-9 * max(1, expected))
      }
    }
  }

  @Test("product decay is the gradient of half the squared norm of W", arguments: names.filter { $0 != "power" })
  func productDecay(name: String) throws {
    let form = form(name, rank: !hasRank(name) ? nil : 3)
    let values = try randomParameters(form, Self.shape, rank: 3, seed: 77)
    var bench = Bench(ranks: [3])
    let parameters = bench.parameters(form, Self.shape, bench.rank(0), values)
    let decay = try form.productDecay(parameters, shape: Self.shape, rank: bench.rank(0), in: &bench.builder)
    for (index, value) in decay.enumerated() { bench.output("\(index)", value) }
    let results = try bench.run()
    for (position, index) in form.trainedIndices(Self.shape, rank: 3).enumerated() {
      let found = try #require(results["\(position)"])
      for entry in [0, found.values.count - 1] {
        func energy(_ step: Double) -> Double {
          var moved = values
          moved[index].values[entry] += step
          let norm = product(form, moved, rank: 3).norm
          return norm * norm / 2
        }
        // The energy is quadratic in one entry: a central difference is exact up to rounding over the step.
        #expect(abs(found.values[entry] - (energy(1e-3) - energy(-1e-3)) / 2e-3) < 1e-8)
      }
    }
  }
}
