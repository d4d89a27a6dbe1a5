import DrnIR
import DrnMethods
import DrnTestSupport
import Testing

/// Updates that see a weight as one matrix, against formulas written out here in plain arithmetic.
@Suite("Updates of whole matrices against their formulas")
struct MatrixUpdateTests {
  /// Those of `Updates.all` that are tested here.
  static let names = ["low_rank_gradient", "basis_update"]
  private static let rates = [0.1, 0.05, 0.2, 0.1]
  /// Double precision, magnified by a few decompositions of matrices of small extents.
  private static let rounding = 1e-9

  private struct Inner: CustomStringConvertible, Sendable {
    let option: OptionValue
    let description: String
    static let all = [
      Inner(option: DrnMethodsTests.call("sgd"), description: "sgd"),
      Inner(option: DrnMethodsTests.call("sgd", [("momentum", .decimal(0.9))]), description: "sgd with momentum"),
      Inner(option: DrnMethodsTests.call("adam"), description: "adam"), Inner(option: DrnMethodsTests.call("adamw"), description: "adamw"),
    ]
  }
  private func galore(_ inner: OptionValue, rank: Int, _ options: [String: OptionValue] = [:]) -> any Update {
    update("low_rank_gradient", ["update": inner, "rank": .integer(rank)].merging(options) { _, new in new })
  }

  /// A tall and a wide weight.
  private static let shapes = [WeightShape(inputs: 7, outputs: 5), WeightShape(inputs: 5, outputs: 7)]

  private func dense(_ update: any Update, _ shape: WeightShape, decay: Double = 0) -> MatrixProblem {
    MatrixProblem(update, form("dense"), shape: shape, decay: decay, parameters: [Matrix(shape.inputs, shape.outputs, seed: 3)])
  }

  // MARK: low_rank_gradient

  @Test("at the full rank, steps of sgd within the subspace are those of dense sgd", arguments: shapes.indices)
  func fullRankIsDense(index: Int) throws {
    let shape = Self.shapes[index]
    let inner = call("sgd", [("momentum", .decimal(0.9))])
    var (low, whole) = (
      dense(galore(inner, rank: 5), shape, decay: 0.05), dense(update("sgd", ["momentum": .decimal(0.9)]), shape, decay: 0.05)
    )
    for (count, rate) in Self.rates.enumerated() {
      if count % 2 == 0 { try low.renew() }
      try low.step(rate: rate, count: count + 1)
      try whole.step(rate: rate, count: count + 1)
      #expect(low.weight.distance(to: whole.weight) < Self.rounding)
    }
  }

  @Test("the basis is orthonormal and leaves out no more than the best of its rank, which is reported", arguments: shapes.indices)
  func basis(index: Int) throws {
    let shape = Self.shapes[index]
    var problem = dense(galore(call("adam"), rank: 2), shape)
    let gradient = problem.gradient(at: problem.weight)
    try problem.renew()
    let p = try #require(problem.values["w/basis"])
    #expect((p.transposed * p).distance(to: .identity(2)) < Self.rounding)
    let seen = shape.inputs <= shape.outputs ? p * (p.transposed * gradient) : (gradient * p) * p.transposed
    let values = try singularValues(gradient)
    let best = values.dropFirst(2).reduce(0) { $0 + $1 * $1 }.squareRoot()
    #expect(abs((gradient - seen).norm - best) < Self.rounding)
    #expect(abs((problem.reports["gradient_residual/w"] ?? .nan) - best / gradient.norm) < Self.rounding)
  }

  @Test("steps are those of the inner update on the seen gradient, taken back", arguments: Inner.all.indices, shapes.indices)
  func steps(inner: Int, index: Int) throws {
    let (shape, kind, decay, scale) = (Self.shapes[index], Inner.all[inner], 0.05, 0.5)
    var problem = dense(galore(kind.option, rank: 2, ["scale": .decimal(scale)]), shape, decay: decay)
    let isWide = shape.inputs <= shape.outputs
    try problem.renew()
    let p = try #require(problem.values["w/basis"])
    var (w, moments) = (problem.weight, ReferenceMoments(kind.description))
    for (count, rate) in Self.rates.enumerated() {
      func seen(_ m: Matrix) -> Matrix { isWide ? p.transposed * m : m * p }
      let before = w
      let g = problem.gradient(at: w)
      let r = kind.description == "adamw" ? seen(g) : seen(g + decay * w)
      let n = moments.direction(r, count: count + 1)
      w = w - (rate * scale) * (isWide ? p * n : n * p.transposed)
      if kind.description == "adamw" { w = w - (rate * decay) * before }
      try problem.step(rate: rate, count: count + 1)
      #expect(problem.weight.distance(to: w) < Self.rounding, "\(kind), step \(count + 1)")
      // Without decay of all of W, a step moves it within the subspace.
      guard kind.description != "adamw" else { continue }
      let moved = problem.weight - before
      let inside = isWide ? p * (p.transposed * moved) : (moved * p) * p.transposed
      #expect(inside.distance(to: moved) < Self.rounding)
    }
    for spec in problem.update.state(of: problem.part) where spec.slot.name != "basis" {
      #expect(problem.values[spec.name]?.values.count == 2 * max(shape.inputs, shape.outputs))
    }
  }

  @Test("a renewal turns the moments with the basis, or leaves them, as `transport` says", arguments: shapes.indices)
  func transport(index: Int) throws {
    let shape = Self.shapes[index]
    for transport in ["project", "keep"] {
      var problem = dense(galore(call("adam"), rank: 2, ["transport": .word(transport)]), shape)
      try problem.renew()
      for count in 1...3 { try problem.step(rate: 0.2, count: count) }
      let (old, m, v) = (
        try #require(problem.values["w/basis"]), try #require(problem.values["w/first_moment"]),
        try #require(problem.values["w/second_moment"])
      )
      try problem.renew()
      let new = try #require(problem.values["w/basis"])
      let turn = transport == "keep" ? Matrix.identity(2) : new.transposed * old
      let isWide = shape.inputs <= shape.outputs
      let expected =
        isWide ? (turn * m, turn.squares * v) : (m * turn.transposed, v * turn.squares.transposed)
      #expect(old.distance(to: new) > 1e-3)
      #expect(try #require(problem.values["w/first_moment"]).distance(to: expected.0) < Self.rounding)
      #expect(try #require(problem.values["w/second_moment"]).distance(to: expected.1) < Self.rounding)
      #expect(try #require(problem.values["w/second_moment"]).values.allSatisfy { $0 >= 0 })
    }
  }

  @Test("renewals let the sum of steps have more than the subspace's rank")
  func accumulatedRank() throws {
    var problem = dense(galore(call("sgd"), rank: 1), Self.shapes[0])
    let start = problem.weight
    for count in 1...4 {
      try problem.renew()
      try problem.step(rate: 0.5, count: count)
    }
    let values = try singularValues(problem.weight - start)
    #expect(values[1] > 1e-3 * values[0])
  }

  @Test("a rank outside the weight's, and a form that is not dense, are obstacles")
  func lowRankObstacles() {
    let shape = WeightShape(inputs: 7, outputs: 5)
    #expect(galore(call("adam"), rank: 5).obstacle(form("dense"), shape) == nil)
    #expect(galore(call("adam"), rank: 6).obstacle(form("dense"), shape) != nil)
    #expect(galore(call("adam"), rank: 2).obstacle(form("factored", rank: 3), shape) != nil)
    #expect(update("basis_update", ["update": call("adam")]).obstacle(form("dense"), shape) != nil)
    #expect(update("basis_update", ["update": call("adam")]).obstacle(form("core", rank: 3), shape) == nil)
  }

  // MARK: basis_update

  private func core(_ inner: OptionValue, decay: Double = 0, bases: String = "moving") throws -> MatrixProblem {
    let form = form("core", rank: 3, ["bases": .word(bases)])
    let shape = WeightShape(inputs: 7, outputs: 5)
    let parameters = try randomParameters(form, shape, rank: 3, seed: 5)
    return MatrixProblem(update("basis_update", ["update": inner]), form, rank: 3, shape: shape, decay: decay, parameters: parameters)
  }

  @Test("K, L and S steps are those of the published fixed-rank step, moments turned with the bases", arguments: Inner.all.indices)
  func klsSteps(inner: Int) throws {
    let (kind, decay) = (Inner.all[inner], 0.05)
    var problem = try core(kind.option, decay: decay)
    var (u, s, v) = (try value("u", problem), try value("s", problem), try value("v", problem))
    var (ofK, ofL, ofS) = (ReferenceMoments(kind.description), ReferenceMoments(kind.description), ReferenceMoments(kind.description))
    for (count, rate) in Self.rates.enumerated() {
      func stepped(_ m: Matrix, _ g: Matrix, _ moments: inout ReferenceMoments) -> Matrix {
        let isDecoupled = kind.description == "adamw"
        let n = moments.direction(isDecoupled ? g : g + decay * m, count: count + 1)
        return m - rate * (isDecoupled ? n + decay * m : n)
      }
      let (k, l) = (u * s, s * v)
      let g = problem.gradient(at: u * s * v)
      let newU = orthonormalFactor(stepped(k, g * v.transposed, &ofK))
      let newV = orthonormalFactor(stepped(l, u.transposed * g, &ofL).transposed).transposed
      let (left, right) = (newU.transposed * u, v * newV.transposed)
      ofK.turn(nil, right)
      ofL.turn(left, nil)
      ofS.turn(left, right)
      let between = left * s * right
      let newS = stepped(between, newU.transposed * problem.gradient(at: newU * between * newV) * newV.transposed, &ofS)
      (u, s, v) = (newU, newS, newV)
      try problem.step(rate: rate, count: count + 1)
      for (name, expected) in [("u", u), ("s", s), ("v", v)] {
        #expect(try value(name, problem).distance(to: expected) < Self.rounding, "\(kind), \(name) after step \(count + 1)")
      }
      #expect((u.transposed * u).distance(to: .identity(3)) < Self.rounding)
      #expect((v * v.transposed).distance(to: .identity(3)) < Self.rounding)
    }
  }

  @Test("the trajectory of W is the same from turned bases, under sgd with momentum")
  func invariance() throws {
    let inner = call("sgd", [("momentum", .decimal(0.9))])
    var plain = try core(inner)
    let (q, r) = (orthonormalFactor(Matrix(3, 3, seed: 21)), orthonormalFactor(Matrix(3, 3, seed: 22)))
    let turned = [
      try value("u", plain) * q, q.transposed * (try value("s", plain)) * r, r.transposed * (try value("v", plain)),
    ]
    var other = MatrixProblem(plain.update, plain.form, rank: 3, parameters: turned)
    for (count, rate) in Self.rates.enumerated() {
      try plain.step(rate: rate, count: count + 1)
      try other.step(rate: rate, count: count + 1)
      #expect(plain.weight.distance(to: other.weight) < Self.rounding)
    }
  }

  @Test("between frozen bases it is the inner update of s, with one evaluation")
  func frozenBases() throws {
    var problem = try core(call("adam"), bases: "frozen")
    var plain = MatrixProblem(
      update("adam"), problem.form, rank: 3, parameters: [try value("u", problem), try value("s", problem), try value("v", problem)])
    #expect(problem.update.evaluations(of: problem.part) == 1)
    for (count, rate) in Self.rates.enumerated() {
      try problem.step(rate: rate, count: count + 1)
      try plain.step(rate: rate, count: count + 1)
      #expect(problem.weight == plain.weight)
    }
  }

  private func value(_ name: String, _ problem: MatrixProblem) throws -> Matrix { try #require(problem.values["w.\(name)"]) }
}
