import DrnIR
import DrnMethods
import DrnReference
import DrnTestSupport
import Testing

@Suite("One step of gradient descent in a form")
struct FactorStepTests {
  private let shape = WeightShape(inputs: 7, outputs: 5)
  private let gradient = Matrix(7, 5, seed: 61)
  private let rate = 0.05

  /// The dense W after w - rate g on every trained parameter, with g pulled back from the dense gradient.
  private func stepped(_ form: any Parameterization, _ values: [Matrix], rank: Int) throws -> Matrix {
    var bench = Bench(ranks: [rank])
    let parameters = bench.parameters(form, shape, bench.rank(0), values)
    let dense = bench.input("g", gradient)
    let pulled = try form.pullBackGradient(dense, parameters: parameters, shape: shape, rank: bench.rank(0), in: &bench.builder)
    var moved = parameters
    for (index, slope) in zip(form.trainedIndices(shape, rank: bench.rank(0)), pulled) {
      moved[index] = try bench.builder.subtract(parameters[index], try bench.builder.scale(slope, by: rate))
    }
    bench.output("w", try form.reconstruct(moved, shape: shape, rank: bench.rank(0), in: &bench.builder))
    return try #require(try bench.run()["w"])
  }

  @Test("factors: A B - rate (G B^T B + A A^T G) + rate^2 G B^T A^T G (I4)", arguments: [1, 3, 5])
  func factored(rank: Int) throws {
    let form = form("factored", rank: rank)
    let values = try randomParameters(form, shape, rank: rank, seed: 2)
    let (a, b, g) = (values[0], values[1], gradient)
    let first = g * b.transposed * b + a * a.transposed * g
    let expected = a * b - rate * first + (rate * rate) * (g * b.transposed * a.transposed * g)
    #expect(try stepped(form, values, rank: rank).distance(to: expected) < 1e-12)
  }

  @Test("the first adapter step moves W by -rate s^2 A A^T G and leaves A (I5)")
  func adapter() throws {
    let form = form("adapter", rank: 4)
    var values = try randomParameters(form, shape, rank: 4, seed: 3)
    values[2] = Matrix(4, 5)
    // alpha 16 over rank 4.
    let expected = values[0] - (rate * 16) * (values[1] * values[1].transposed * gradient)
    #expect(try stepped(form, values, rank: 4).distance(to: expected) < 1e-12)
  }

  @Test("a core moves W by the gradient projected on both bases")
  func core() throws {
    let form = form("core", rank: 3)
    let values = try randomParameters(form, shape, rank: 3, seed: 4)
    let (u, v) = (values[0], values[2])
    let expected = product(form, values, rank: 3) - rate * (u * u.transposed * gradient * v.transposed * v)
    #expect(try stepped(form, values, rank: 3).distance(to: expected) < 1e-12)
  }

  @Test("rank(W0 + s A B) lies between |rank(W0) - r| and rank(W0) + r, the lower end reached where the product cancels (I6)")
  func rankBounds() throws {
    func ranks(_ base: Matrix, _ a: Matrix, _ b: Matrix, rank: Int) throws -> Int {
      let form = form("adapter", rank: rank)
      var bench = Bench(ranks: [rank])
      let parameters = bench.parameters(form, shape, bench.rank(0), [base, a, b])
      bench.output("s", try form.singularValues(parameters, shape: shape, rank: bench.rank(0), in: &bench.builder))
      // Relative to the base, not to what is left of it.
      return try #require(try bench.run()["s"]).values.filter { $0 > 1e-12 * base.norm }.count
    }
    let (left, right) = (Matrix(7, 3, seed: 5), Matrix(3, 5, seed: 6))
    #expect(try ranks(left * right, Matrix(7, 2, seed: 7), Matrix(2, 5, seed: 8), rank: 2) == 5)
    #expect(try ranks(left * right, Matrix(7, 1, seed: 7), Matrix(1, 5, seed: 8), rank: 1) == 4)
    // With a = left and b = -right / s nothing is left.
    #expect(try ranks(left * right, left, (-3.0 / 16) * right, rank: 3) == 0)
  }

  @Test("singular values of a form are those of its W", arguments: Place.all)
  func spectra(place: Place) throws {
    let values = try randomParameters(place.form, shape, rank: place.rank, seed: 12)
    var bench = Bench(ranks: [place.rank])
    let parameters = bench.parameters(place.form, shape, bench.rank(0), values)
    bench.output("form", try place.form.singularValues(parameters, shape: shape, rank: bench.rank(0), in: &bench.builder))
    let dense = try place.form.reconstruct(parameters, shape: shape, rank: bench.rank(0), in: &bench.builder)
    bench.output("dense", try bench.builder.singularValues(dense).s)
    let found = try bench.run()
    let (short, whole) = (try #require(found["form"]).values, try #require(found["dense"]).values)
    #expect(short.count == (!hasRank(place.word) || place.word == "adapter" ? 5 : place.rank))
    for (one, other) in zip(short, whole) { #expect(abs(one - other) < 1e-11) }
  }

  @Test("singular values of a weight in groups are those of the block-diagonal matrix", arguments: [(3, 4), (4, 1)])
  func groupedSpectrum(channels: Int, groupOutputs: Int) throws {
    let groups = 3
    let shape = WeightShape.convolution(Extent2(1), channels: channels, outputs: groups * groupOutputs, groups: groups)
    let weight = Matrix(channels, groups * groupOutputs, seed: 14)
    var diagonal = Matrix(groups * channels, groups * groupOutputs)
    for column in 0..<weight.columns {
      for row in 0..<channels { diagonal[column / groupOutputs * channels + row, column] = weight[row, column] }
    }
    let form = form("dense", rank: 0)
    var bench = Bench()
    let value = bench.input("w", weight)
    bench.output("s", try form.singularValues([value], shape: shape, rank: 0, in: &bench.builder))
    let found = try #require(try bench.run()["s"]).values.sorted(by: >)
    #expect(found.count == shape.singularValueCount && found.count == groups * min(channels, groupOutputs))
    for (one, other) in zip(found, try spectrum(diagonal)) { #expect(abs(one - other) < 1e-12) }
    // A near miss: the filters side by side have other values.
    #expect(abs(found[0] - (try spectrum(weight)[0])) > 1e-3)
  }
}
