import DrnIR
import DrnMethods
import DrnSource
import DrnTestSupport
import Testing

/// `power` of a form of that word, at rank 3 where it has one.
private func power(_ exponent: Double, of word: String = "dense") -> any Parameterization {
  let rank = OptionCall.Argument(name: "rank", nameSpan: nil, value: LocatedOption(.integer(3), testSpan))
  let call = OptionCall(name: word, nameSpan: testSpan, arguments: hasRank(word) ? [rank] : [], span: testSpan)
  return form("power", ["exponent": .decimal(exponent), "of": .call(call)])
}

@Suite("Powers of trained numbers")
struct PowerTests {
  private let shape = WeightShape(inputs: 7, outputs: 5)
  private static let exponents = [1.5, 2, 3, 4, 5]

  private func powers(_ values: [Matrix], _ exponent: Double) -> [Matrix] {
    values.map { Matrix($0.rows, $0.columns, $0.values.map { theta in theta * raised(abs(theta), exponent - 1) }) }
  }
  /// By repeated products and one root.
  private func raised(_ x: Double, _ exponent: Double) -> Double {
    let whole = exponent.rounded(.down)
    return (0..<Int(whole)).reduce(1) { product, _ in product * x } * (exponent == whole ? 1 : x.squareRoot())
  }

  /// -0.05 and what follows from theta |theta|^(a - 1) = -0.05.
  @Test("the first values of W do not depend on the exponent")
  func firstValues() throws {
    let dense = Matrix(7, 5, seed: 4)
    let expected = [2: -0.223607, 3: -0.368403, 4: -0.472871, 5: -0.549280]
    for exponent in [1.0] + Self.exponents {
      var bench = Bench()
      let key = bench.key()
      for (name, matrix) in [("w", dense), ("c", Matrix(7, 5, repeating: -0.05)), ("z", Matrix(7, 5))] {
        let start = bench.input(name, matrix)
        let values = try power(exponent).initialize(dense: start, shape: shape, rank: 0, name: "w", key: key, in: &bench.builder)
        bench.output("\(name).theta", values[0])
        bench.output("\(name).again", try power(exponent).reconstruct(values, shape: shape, rank: 0, in: &bench.builder))
      }
      let results = try bench.run()
      #expect(try #require(results["w.again"]).distance(to: dense) < 1e-13)
      #expect(results["z.theta"] == Matrix(7, 5))
      let theta = try #require(results["c.theta"]).values[0]
      if let right = expected[Int(exponent)], exponent == exponent.rounded() { #expect(abs(theta - right) < 1e-6) }
    }
  }

  @Test("x W, W and the gradient are those of the other form at the powers, times their derivatives", arguments: ["dense", "factored"])
  func gradients(word: String) throws {
    for exponent in Self.exponents {
      let (form, inner) = (power(exponent, of: word), form(word, rank: hasRank(word) ? 3 : nil))
      let values = try randomParameters(form, shape, rank: 3, seed: 5)
      let (input, gradient) = (Matrix(4, 7, seed: 11), Matrix(7, 5, seed: 3))
      var bench = Bench(ranks: [3])
      let parameters = bench.parameters(form, shape, bench.rank(0), values)
      let (x, g) = (bench.input("x", input), bench.input("g", gradient))
      let decay = try form.productDecay(parameters, shape: shape, rank: bench.rank(0), in: &bench.builder)
      for (index, value) in decay.enumerated() { bench.output("decay \(index)", value) }
      bench.output("y", try form.apply(.matrix(x), parameters: parameters, shape: shape, rank: bench.rank(0), in: &bench.builder))
      let pulled = try form.pullBackGradient(g, parameters: parameters, shape: shape, rank: bench.rank(0), in: &bench.builder)
      let squared = try form.pullBackSquared(g, parameters: parameters, shape: shape, rank: bench.rank(0), in: &bench.builder)
      for (index, value) in pulled.enumerated() { bench.output("\(index)", value) }
      for (index, value) in squared.enumerated() { bench.output("squared \(index)", value) }
      let results = try bench.run()
      let dense = product(inner, powers(values, exponent), rank: 3)
      #expect(try #require(results["y"]).distance(to: input * dense) < 1e-11)
      for index in values.indices {
        let (found, squares) = (try #require(results["\(index)"]), try #require(results["squared \(index)"]))
        for entry in [0, 3, found.values.count - 1] {
          func moved(_ step: Double) -> Matrix {
            var moved = values
            moved[index].values[entry] += step
            return product(inner, powers(moved, exponent), rank: 3)
          }
          let slope = (1 / 2e-5) * (moved(1e-5) - moved(-1e-5))
          let expected = zip(slope.values, gradient.values).reduce(0) { $0 + $1.0 * $1.1 }
          let ofSquares = zip(slope.squares.values, gradient.values).reduce(0) { $0 + $1.0 * $1.1 }
          #expect(abs(found.values[entry] - expected) < 1e-7)
          #expect(abs(squares.values[entry] - ofSquares) < 1e-6)
          let ofNorm = zip(slope.values, dense.values).reduce(0) { $0 + $1.0 * $1.1 }
          #expect(abs(try #require(results["decay \(index)"]).values[entry] - ofNorm) < 1e-6)
        }
      }
    }
  }

  @Test("a moment leaves for the dense weight over the derivative, a squared one over its square, and 0 where theta is 0")
  func momentum() throws {
    let place = Place(word: "power", rank: 5)
    var run = try TransitionRun(place, Place(word: "dense", rank: 5))
    let theta = run.values[0]
    let outcome = try run.run()
    let (moment, square) = (try #require(run.moments[0]), try #require(run.squares[0]))
    let (found, squares) = (try #require(outcome.moments[0]), try #require(outcome.squares[0]))
    for (index, value) in theta.values.enumerated() {
      let slope = 2 * abs(value)
      #expect(abs(found.values[index] * slope - moment.values[index]) < 1e-12)
      #expect(abs(squares.values[index] * slope * slope - square.values[index]) < 1e-12)
    }
    run = TransitionRun(
      place, Place(word: "dense", rank: 5), values: [Matrix(7, 5)], moments: [0: Matrix(7, 5, seed: 2)])
    #expect(try run.run().moments[0] == Matrix(7, 5))
  }

  @Test("at exponent 1 the operations are those of the other form", arguments: ["dense", "factored"])
  func plain(word: String) throws {
    func operations(_ form: any Parameterization) throws -> [DrnIR.Operation] {
      var bench = Bench(ranks: [3])
      let values = try randomParameters(form, shape, rank: 3, seed: 5)
      let parameters = bench.parameters(form, shape, bench.rank(0), values)
      let x = bench.input("x", Matrix(4, 7, seed: 11))
      let key = bench.key()
      _ = try form.apply(.matrix(x), parameters: parameters, shape: shape, rank: bench.rank(0), in: &bench.builder)
      let dense = bench.input("w", Matrix(7, 5, seed: 1))
      _ = try form.initialize(dense: dense, shape: shape, rank: bench.rank(0), name: "w", key: key, in: &bench.builder)
      _ = try form.productDecay(parameters, shape: shape, rank: bench.rank(0), in: &bench.builder)
      _ = try form.pullBackSquared(dense, parameters: parameters, shape: shape, rank: bench.rank(0), in: &bench.builder)
      return bench.builder.function.operations
    }
    #expect(try operations(power(1, of: word)) == operations(form(word, rank: hasRank(word) ? 3 : nil)))
    #expect(try operations(power(2, of: word)) != operations(form(word, rank: hasRank(word) ? 3 : nil)))
  }

  @Test("what two entries write in different places is one form, and another exponent or inner form another")
  func sameness() {
    #expect(power(2).isSame(as: form("power", ["exponent": .integer(2), "of": .word("dense")])))
    #expect(!power(2).isSame(as: power(3)) && !power(2).isSame(as: power(2, of: "factored")) && !power(1).isSame(as: form("dense")))
    #expect(power(2, of: "factored").rank == .exact(3) && power(2).rank == nil)
  }
}
