import DrnIR
import DrnMethods
import DrnNumbers
import DrnReference
import Testing

@Suite("Carried optimizer state")
struct CarriedStateTests {
  private let dense = Place(word: "dense", rank: 5)

  @Test("dense momentum reaches factors as the gradient would: M v^T and u^T M")
  func pullsBack() throws {
    let run = try TransitionRun(dense, Place(word: "factored", rank: 3))
    let outcome = try run.run()
    let momentum = try #require(run.moments[0])
    let (u, v) = (outcome.parameters[0], outcome.parameters[1])
    #expect(try #require(outcome.moments[0]).distance(to: momentum * v.transposed) < 1e-12)
    #expect(try #require(outcome.moments[1]).distance(to: u.transposed * momentum) < 1e-12)
    let second = try #require(run.squares[0])
    #expect(try #require(outcome.squares[0]).distance(to: second * v.squares.transposed) < 1e-12)
    #expect(try #require(outcome.squares[1]).distance(to: u.squares.transposed * second) < 1e-12)
  }

  @Test("dense momentum reaches a core as u^T M v^T")
  func pullsBackToCore() throws {
    let run = try TransitionRun(dense, Place(word: "core", rank: 3))
    let outcome = try run.run()
    let (u, v) = (outcome.parameters[0], outcome.parameters[2])
    let expected = u.transposed * (try #require(run.moments[0])) * v.transposed
    #expect(try #require(outcome.moments[1]).distance(to: expected) < 1e-12)
  }

  @Test("factors to dense: least squares of least norm, with its residual", arguments: [2, 3, 5])
  func leastSquares(rank: Int) throws {
    let run = try TransitionRun(Place(word: "factored", rank: rank), dense)
    let outcome = try run.run()
    let (u, v) = (run.values[0], run.values[1])
    let (a, b) = (try #require(run.moments[0]), try #require(run.moments[1]))
    let m = try #require(outcome.moments[0])
    let (missedA, missedB) = (m * v.transposed - a, u.transposed * m - b)
    // The gradient of the squared residual vanishes at a least-squares solution.
    #expect((missedA * v + u * missedB).norm < 1e-9)
    // The one of least norm has no part outside both spans: (I - P_u) M (I - P_v) = 0.
    let outside = (Matrix.identity(7) - projector(u)) * m * (Matrix.identity(5) - projector(v.transposed))
    #expect(outside.norm < 1e-9)
    let (first, second) = (missedA.norm, missedB.norm)
    let expected = ((first * first + second * second) / (a.norm * a.norm + b.norm * b.norm)).squareRoot()
    #expect(try abs(#require(outcome.residual) - expected) < 1e-9)
    #expect(expected > 0.05)
  }

  /// The projector on the columns of a matrix of full column rank, by the normal equations.
  private func projector(_ matrix: Matrix) -> Matrix {
    let gram = matrix.transposed * matrix
    var inverse = Matrix(gram.rows, gram.rows)
    for column in 0..<gram.rows {
      let solution = solve(gram, (0..<gram.rows).map { $0 == column ? 1 : 0 })
      for row in 0..<gram.rows { inverse[row, column] = solution[row] }
    }
    return matrix * inverse * matrix.transposed
  }

  @Test("consistent momenta leave no residual", arguments: [2, 5])
  func consistent(rank: Int) throws {
    let factored = Place(word: "factored", rank: rank)
    var run = try TransitionRun(factored, dense)
    let momentum = Matrix(7, 5, seed: 1)
    run.moments = [0: momentum * run.values[1].transposed, 1: run.values[0].transposed * momentum]
    let outcome = try run.run()
    #expect(try #require(outcome.residual) < 1e-10)
    if rank == 5 { #expect(try #require(outcome.moments[0]).distance(to: momentum) < 1e-9) }
  }

  @Test("zero factors say nothing: their momentum is carried as zero, not as infinity")
  func zeroFactors() throws {
    let place = Place(word: "adapter", rank: 3)
    let start = try TransitionRun(place, dense)
    var values = start.values
    values[2] = Matrix(3, 5)
    let outcome = try TransitionRun(place, dense, values: values, moments: start.moments).run()
    let m = try #require(outcome.moments[0])
    #expect(m.values.allSatisfy { $0.isFinite })
    // Only b's momentum can be met: (t a)^T M = M_b with t = 16 / 3.
    let met = (16.0 / 3) * (values[1].transposed * m)
    #expect(try met.distance(to: #require(start.moments[2])) < 1e-9)
  }

  @Test("dense to full-rank factors and back restores weights and momentum")
  func roundTrip() throws {
    let full = Place(word: "factored", rank: 5)
    let there = try TransitionRun(dense, full)
    let outcome = try there.run()
    let back = try TransitionRun(full, dense, values: outcome.parameters, moments: outcome.moments).run()
    #expect(back.parameters[0].distance(to: there.values[0]) < 1e-10)
    #expect(try #require(back.moments[0]).distance(to: #require(there.moments[0])) < 1e-10)
  }

  @Test("the squared estimate from factors is the geometric mean of weighted row and column means")
  func estimate() throws {
    let run = try TransitionRun(Place(word: "factored", rank: 3), dense)
    let outcome = try run.run()
    let (u, v) = (run.values[0], run.values[1])
    let (a, b) = (try #require(run.squares[0]), try #require(run.squares[1]))
    let estimate = try #require(outcome.squares[0])
    for row in 0..<7 {
      for column in 0..<5 {
        let byRow = (0..<3).reduce(0) { $0 + a[row, $1] } / (v.norm * v.norm)
        let byColumn = (0..<3).reduce(0) { $0 + b[$1, column] } / (u.norm * u.norm)
        #expect(abs(estimate[row, column] - (byRow * byColumn).squareRoot()) < 1e-12)
      }
    }
  }

  @Test("equal squared gradients are estimated without error from any form", arguments: ["factored", "three_factor", "core", "adapter"])
  func constantEstimate(word: String) throws {
    let place = Place(word: word, rank: 3)
    var run = try TransitionRun(place, dense)
    var bench = Bench(ranks: [3])
    let parameters = bench.parameters(place.form, TransitionRun.shape, bench.rank(0), run.values)
    let dense = bench.input("g2", Matrix(7, 5, repeating: 0.3))
    let pulled = try place.form.pullBackSquared(
      dense, parameters: parameters, shape: TransitionRun.shape, rank: bench.rank(0), in: &bench.builder)
    for (index, value) in pulled.enumerated() { bench.output("\(index)", value) }
    let found = try bench.run()
    for (position, index) in place.form.trainedIndices(TransitionRun.shape, rank: 3).enumerated() {
      run.squares[index] = found["\(position)"]
    }
    let outcome = try run.run()
    #expect(try #require(outcome.squares[0]).distance(to: Matrix(7, 5, repeating: 0.3)) < 1e-10)
  }

  @Test("cutting a core turns its moments with the basis")
  func rotation() throws {
    let run = try TransitionRun(Place(word: "core", rank: 5), Place(word: "core", rank: 2))
    let outcome = try run.run()
    // The new bases are u p and q^T v, so p = u^T u' and q = v v'^T.
    let p = run.values[0].transposed * outcome.parameters[0]
    let q = run.values[2] * outcome.parameters[2].transposed
    let momentum = try #require(run.moments[1])
    #expect(try #require(outcome.moments[1]).distance(to: p.transposed * momentum * q) < 1e-10)
    let squared = p.squares.transposed * (try #require(run.squares[1])) * q.squares
    #expect(try #require(outcome.squares[1]).distance(to: squared) < 1e-10)
    let gram = outcome.parameters[0].transposed * outcome.parameters[0]
    #expect(gram.distance(to: .identity(2)) < 1e-10)
    // The published code slices instead; that is another matrix.
    #expect(try abs(momentum[0, 0] - (#require(outcome.moments[1]))[0, 0]) > 1e-3)
  }

  @Test("a widened core keeps orthonormal bases", arguments: [(2, 3), (2, 5), (3, 5)])
  func widened(ranks: (Int, Int)) throws {
    let outcome = try TransitionRun(Place(word: "core", rank: ranks.0), Place(word: "core", rank: ranks.1)).run()
    let (u, v) = (outcome.parameters[0], outcome.parameters[2])
    #expect((u.transposed * u).distance(to: .identity(ranks.1)) < 1e-10)
    #expect((v * v.transposed).distance(to: .identity(ranks.1)) < 1e-10)
  }

  @Test("pruning keeps the largest share, the earlier of equals, and everything at 1")
  func pruning() {
    #expect(pruneToLargest([1, -5, 3, 0.5], keep: 0.5) == [0, -5, 3, 0])
    #expect(pruneToLargest([2, 2, 2], keep: 0.34) == [2, 2, 0])
    #expect(pruneToLargest([1, 2], keep: 1) == [1, 2])
    #expect(pruneToLargest([1, 2], keep: 0) == [0, 0])
    #expect(pruneToLargest([], keep: 0.5) == [])
    #expect(pruneToLargest([.nan, 1], keep: 0.5) == [0, 1])
  }
}
