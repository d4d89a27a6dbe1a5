import DrnIR
import DrnMethods
import DrnReference
import Testing

@Suite("Optimizer state that leaves a chain of convolutions")
struct ChainStateTests {
  /// Two rows and three columns of a kernel over 2 channels: 12 x 4.
  private let shape = WeightShape.convolution(Extent2(height: 2, width: 3), channels: 2, outputs: 4)
  private let dense = Place(word: "dense", rank: 4)
  static let chains = Place.convolutions.filter { $0.word == "tucker" || $0.word == "cp" || $0.delta != nil }

  /// The derivative of every entry of W with respect to every trained entry: W is linear in each of them.
  private func jacobian(_ place: Place, _ values: [Matrix]) -> (matrix: Matrix, entries: [(parameter: Int, index: Int)]) {
    let form = place.form
    let whole = product(form, values, rank: place.rank, shape: shape)
    var (columns, entries): ([[Double]], [(Int, Int)]) = ([], [])
    for parameter in form.trainedIndices(shape, rank: Dimension(place.rank)) {
      for index in values[parameter].values.indices {
        var moved = values
        moved[parameter].values[index] += 1
        columns.append((product(form, moved, rank: place.rank, shape: shape) - whole).values)
        entries.append((parameter, index))
      }
    }
    var matrix = Matrix(whole.values.count, columns.count)
    for (column, values) in columns.enumerated() {
      for row in values.indices { matrix[row, column] = values[row] }
    }
    return (matrix, entries)
  }

  /// The moments of the parameters that come from a dense one: the gradient rule.
  private func moments(_ place: Place, _ values: [Matrix], from momentum: Matrix) -> [Int: Matrix] {
    let (matrix, entries) = jacobian(place, values)
    var moments: [Int: Matrix] = [:]
    for (column, entry) in entries.enumerated() {
      let value = momentum.values.indices.reduce(0) { $0 + matrix[$1, column] * momentum.values[$1] }
      let old = values[entry.parameter]
      moments[entry.parameter, default: Matrix(old.rows, old.columns)].values[entry.index] = value
    }
    return moments
  }

  @Test("momenta of one dense momentum give its part in the space the chain can move in: least squares of least norm", arguments: chains)
  func leastNorm(place: Place) throws {
    var run = try TransitionRun(place, dense, shape: shape)
    let momentum = Matrix(12, 4, seed: 5)
    run.moments = moments(place, run.values, from: momentum)
    let outcome = try run.run()
    #expect(try #require(outcome.residual) < 1e-10)
    // The projector on the columns of the Jacobian, by its singular vectors.
    var bench = Bench()
    let (u, s, _) = try bench.builder.singularValues(bench.input("j", jacobian(place, run.values).matrix))
    bench.output("u", u)
    bench.output("s", s)
    let found = try bench.run()
    let (vectors, values) = (try #require(found["u"]), try #require(found["s"]).values)
    var expected = Matrix(12, 4)
    for column in values.indices where values[column] > 1e-9 * values[0] {
      let share = momentum.values.indices.reduce(0) { $0 + vectors[$1, column] * momentum.values[$1] }
      for row in momentum.values.indices { expected.values[row] += share * vectors[row, column] }
    }
    #expect(try #require(outcome.moments[0]).distance(to: expected) < 1e-8)
  }

  @Test("a momentum that a step along the factors would give comes back whole", arguments: chains)
  func tangent(place: Place) throws {
    var run = try TransitionRun(place, dense, shape: shape)
    let (matrix, entries) = jacobian(place, run.values)
    let steps = Matrix(entries.count, 1, seed: 9)
    let momentum = Matrix(12, 4, (matrix * steps).values)
    run.moments = moments(place, run.values, from: momentum)
    #expect(try #require(try run.run().moments[0]).distance(to: momentum) < 1e-8 * momentum.norm)
  }

  @Test("momenta that contradict each other leave a residual, and the last factor's is met", arguments: ["tucker", "cp"])
  func contradiction(word: String) throws {
    let place = Place(word: word, rank: 2)
    let run = try TransitionRun(place, dense, shape: shape)
    let outcome = try run.run()
    #expect(try #require(outcome.residual) > 0.05)
    let last = run.values.count - 1
    let met = moments(place, run.values, from: try #require(outcome.moments[0]))
    #expect(try #require(met[last]).distance(to: #require(run.moments[last])) < 1e-9)
  }

  @Test("a chain that starts at zero gives what its momenta say, not infinity", arguments: ["tucker", "cp"])
  func zeroChain(delta: String) throws {
    let place = Place(word: "adapter", rank: 2, delta: delta)
    let start = try TransitionRun(place, dense, shape: shape)
    var values = start.values
    let zero = delta == "tucker" ? 2 : 4
    values[zero] = Matrix(values[zero].rows, values[zero].columns)
    let momentum = Matrix(12, 4, seed: 6)
    let pulled = moments(place, values, from: momentum)
    let outcome = try TransitionRun(place, dense, values: values, moments: pulled, shape: shape).run()
    #expect(try #require(outcome.residual) < 1e-9)
    #expect(try #require(outcome.moments[0]).values.allSatisfy { $0.isFinite })
    #expect(try #require(outcome.squares[0]).values.allSatisfy { $0.isFinite && $0 >= 0 })
  }

  @Test("equal squared gradients are estimated without error", arguments: chains)
  func constantEstimate(place: Place) throws {
    var run = try TransitionRun(place, dense, shape: shape)
    var bench = Bench(ranks: [place.rank])
    let parameters = bench.parameters(place.form, shape, bench.rank(0), run.values)
    let squared = bench.input("g2", Matrix(12, 4, repeating: 0.3))
    let pulled = try place.form.pullBackSquared(
      squared, parameters: parameters, shape: shape, rank: bench.rank(0), in: &bench.builder)
    for (index, value) in pulled.enumerated() { bench.output("\(index)", value) }
    let found = try bench.run()
    for (position, index) in place.form.trainedIndices(shape, rank: Dimension(place.rank)).enumerated() {
      run.squares[index] = found["\(position)"]
    }
    #expect(try #require(try run.run().squares[0]).distance(to: Matrix(12, 4, repeating: 0.3)) < 1e-10)
  }
}
