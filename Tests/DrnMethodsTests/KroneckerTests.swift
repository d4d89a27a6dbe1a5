import DrnIR
import DrnMethods
import DrnReference
import DrnTestSupport
import Testing

@Suite("Kronecker products")
struct KroneckerTests {
  /// Two by two blocks of two by three.
  private let shape = WeightShape(inputs: 4, outputs: 6)
  private let a = Matrix(2, 2, [1, -2, 3, 0.5])
  private let b = Matrix(2, 3, [2, 1, -1, 0.5, 4, 3])
  private let blocks = form("kronecker", ["rows": .integer(2), "columns": .integer(2)])

  @Test("W and x W are those of numpy.kron")
  func product() throws {
    let expected = Matrix(
      4, 6,
      [2, 1, -1, -4, -2, 2, 0.5, 4, 3, -1, -8, -6, 6, 3, -3, 1, 0.5, -0.5, 1.5, 12, 9, 0.25, 2, 1.5])
    var bench = Bench()
    let (a, b, x) = (bench.input("a", a), bench.input("b", b), bench.input("x", Matrix(5, 4, seed: 3)))
    bench.output("w", try blocks.reconstruct([a, b], shape: shape, rank: 0, in: &bench.builder))
    bench.output("y", try blocks.apply(.matrix(x), parameters: [a, b], shape: shape, rank: 0, in: &bench.builder))
    let found = try bench.run()
    #expect(found["w"] == expected)
    #expect(try #require(found["y"]).distance(to: Matrix(5, 4, seed: 3) * expected) < 1e-14)
  }

  @Test("a form of the product of the factors' ranks holds it, one of a smaller rank cuts")
  func rank() throws {
    // a is 2 x 1 and b 3 x 5: a matrix of 6 x 5 of rank 3.
    let whole = WeightShape(inputs: 6, outputs: 5)
    for (rank, isExact) in [(2, false), (3, true), (5, true)] {
      let cell = transitionCell(from: form("kronecker"), rank: 0, to: form("factored", rank: rank), rank: rank, shape: whole)
      #expect(cell.weights == (isExact ? .exact : .truncating))
    }
  }

  @Test("entering takes the nearest product, and factors of equal norm")
  func nearest() throws {
    let dense = Matrix(
      4, 6, [-5, 0, 0, -5, -4, 3, 3, 2, -4, -4, 2, 3, 3, -4, -5, 0, 0, -5, -5, 4, -3, -4, 1, 1])
    let found = try entered(dense)
    // numpy's singular values of the four blocks as rows: 11.385, 8.925, 7.148, 3.953.
    #expect(abs((kroneckerProduct(found[0], found[1]) - dense).norm / dense.norm - 0.7282639917146) < 1e-12)
    #expect(abs(found[0].norm - found[1].norm) < 1e-12 && abs(found[0].norm * found[1].norm - 11.385003737840806) < 1e-12)
    let again = try entered(kroneckerProduct(a, b))
    #expect(kroneckerProduct(again[0], again[1]).distance(to: kroneckerProduct(a, b)) < 1e-13)
    // Of zeros one factor is not: the other one has a gradient.
    let zeros = try entered(Matrix(4, 6))
    #expect(abs(zeros[0].norm - 1) < 1e-12 && zeros[1].norm == 0)
  }
  private func entered(_ dense: Matrix) throws -> [Matrix] {
    var bench = Bench()
    let (w, key) = (bench.input("w", dense), bench.key())
    let parameters = try blocks.represent(w, shape: shape, rank: 0, name: "w", key: key, in: &bench.builder)
    for (index, value) in parameters.enumerated() { bench.output("\(index)", value) }
    let found = try bench.run()
    return [try #require(found["0"]), try #require(found["1"])]
  }

  @Test("the dense moment is numpy.linalg.lstsq of both gradients, with what it leaves over")
  func denseMoment() throws {
    let moments = [Matrix(2, 2, [1, 2, -1, 0.5]), Matrix(2, 3, [0.5, -1, 2, 1, 3, -2])]
    let expected = Matrix(
      4, 6,
      [
        0.09329477540003855, -0.04107191054559463, 0.1112473491420861, 0.0694104491999231, 0.21014382109118931, -0.35049469828417235,
        0.08472720262193922, 0.3269404279930597, -0.05304029304029299, -0.10545440524387889, -0.1418808559861191, 0.490080586080586,
        0.023884326200115415, -0.25121573163678396, 0.4617420474262583, 0.04664738770001925, -0.02053595527279732, 0.055623674571043044,
        0.19018160786581842, 0.4688212839791789, -0.5431208791208788, 0.04236360131096974, 0.16347021399652983, -0.026520146520146462,
      ])
    var bench = Bench()
    let parameters = [bench.input("a", a), bench.input("b", b)]
    let content = [0: bench.input("ma", moments[0]), 1: bench.input("mb", moments[1])]
    let request = TransitionRequest(
      name: "w", shape: shape, old: blocks, oldRank: 0, new: form("dense"), newRank: 0, direction: nil, parameters: parameters,
      slots: [.init(SlotSpec("momentum", .gradient), content: content)], key: bench.key())
    let left = try emitTransition(request, in: &bench.builder)
    bench.output("m", try #require(left.slots[0].content[0]))
    bench.output("residual", try #require(left.momentResidual))
    let found = try bench.run()
    #expect(try #require(found["m"]).distance(to: expected) < 1e-12)
    #expect(abs(try #require(found["residual"]).values[0] - 0.30091793774630254) < 1e-12)
  }

  @Test("a has the largest divisors up to its options, or up to the square roots")
  func sizes() {
    func extents(_ inputs: Int, _ outputs: Int, _ options: [String: OptionValue] = [:]) -> [[Int]] {
      form("kronecker", options).parameters(WeightShape(inputs: inputs, outputs: outputs), rank: 0).map { $0.shape.compactMap(\.value) }
    }
    #expect(extents(784, 300) == [[28, 15], [28, 20]])
    #expect(extents(784, 300, ["rows": .integer(13), "columns": .integer(1000)]) == [[8, 300], [98, 1]])
    #expect(extents(7, 5) == [[1, 1], [7, 5]])
  }

  @Test("the first W has the mean square of the dense draw")
  func draw() throws {
    let shape = WeightShape(inputs: 900, outputs: 900)
    var bench = Bench()
    let key = bench.key()
    let dense = try bench.builder.randomUniform([900, 900], limit: 0.2, stream: "w", key: key)
    let form = form("kronecker")
    let values = try form.initialize(dense: dense, shape: shape, rank: 0, name: "w", key: key, in: &bench.builder)
    for (index, value) in values.enumerated() { bench.output("\(index)", value) }
    let found = try bench.run()
    // The norm of a product is that of the factors; each has 900 uniform entries, so that it is known to a few percent.
    let norm = try #require(found["0"]).norm * (try #require(found["1"]).norm)
    #expect(abs(norm / (900 * 0.2 / 3.0.squareRoot()) - 1) < 0.1)
  }
}
