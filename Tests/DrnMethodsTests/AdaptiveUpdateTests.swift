import DrnIR
import DrnMethods
import DrnTestSupport
import Testing

/// Updates that change ranks, against formulas written out here in plain arithmetic.
@Suite("Updates that change ranks against their formulas")
struct AdaptiveUpdateTests {
  private static let rates = [0.1, 0.05, 0.2, 0.1]
  /// Double precision, magnified by a few decompositions of matrices of small extents.
  private static let rounding = 1e-9
  private static let inners: [(option: OptionValue, name: String)] = [
    (call("sgd"), "sgd"), (call("sgd", [("momentum", .decimal(0.9))]), "sgd with momentum"), (call("adam"), "adam"),
    (call("adamw"), "adamw"),
  ]
  private static let shape = WeightShape(inputs: 9, outputs: 7)

  // MARK: basis_update of core

  private func core(_ inner: OptionValue, tolerance: Double, decay: Double = 0) throws -> MatrixProblem {
    let form = form("core", rank: 3, ["bases": .word("moving")])
    let update = update("basis_update", ["update": inner, "tolerance": .decimal(tolerance), "at_least": .integer(1)])
    let parameters = try randomParameters(form, Self.shape, rank: 3, seed: 5)
    return MatrixProblem(update, form, rank: 3, shape: Self.shape, decay: decay, parameters: parameters)
  }

  /// Of descending singular values the least number whose tail, the last one in it, is below the tolerance.
  private func least(_ values: [Double], _ tolerance: Double) -> Int {
    let total = values.reduce(0) { $0 + $1 * $1 }
    return (0...values.count).first { values.dropFirst($0).reduce(0) { $0 + $1 * $1 } < tolerance * tolerance * total } ?? values.count
  }
  private func tail(_ values: [Double], after count: Int) -> Double {
    values.dropFirst(count).reduce(0) { $0 + $1 * $1 }.squareRoot()
  }
  private func beside(_ left: Matrix, _ right: Matrix) -> Matrix {
    Matrix(left.columns + right.columns, left.rows, left.transposed.values + right.transposed.values).transposed
  }

  @Test("a rank-adaptive step is K, L and S between augmented bases, cut at the tolerance", arguments: inners.indices, [0.02, 0.3, 0.6])
  func adaptiveSteps(inner: Int, tolerance: Double) throws {
    let (name, decay) = (Self.inners[inner].name, 0.05)
    var problem = try core(Self.inners[inner].option, tolerance: tolerance, decay: decay)
    var (ofK, ofL, ofS) = (ReferenceMoments(name), ReferenceMoments(name), ReferenceMoments(name))
    for (count, rate) in Self.rates.enumerated() {
      func stepped(_ m: Matrix, _ g: Matrix, _ moments: inout ReferenceMoments) -> Matrix {
        let n = moments.direction(name == "adamw" ? g : g + decay * m, count: count + 1)
        return m - rate * (name == "adamw" ? n + decay * m : n)
      }
      let (u, s, v) = (try value("u", problem), try value("s", problem), try value("v", problem))
      let g = problem.gradient(at: u * s * v)
      let k = stepped(u * s, g * v.transposed, &ofK)
      let l = stepped(s * v, u.transposed * g, &ofL)
      let wideU = orthonormalFactor(beside(k, u))
      let wideV = orthonormalFactor(beside(l.transposed, v.transposed)).transposed
      let between = (wideU.transposed * u) * s * (v * wideV.transposed)
      ofS.turn(wideU.transposed * u, v * wideV.transposed)
      let newS = stepped(between, wideU.transposed * g * wideV.transposed, &ofS)
      try problem.step(rate: rate, count: count + 1)

      let place = try #require(problem.places.last)
      #expect((place[0] * place[1] * place[2]).distance(to: u * s * v) < Self.rounding, "augmentation changes W")
      let values = try singularValues(newS)
      let wanted = max(1, least(values, tolerance))
      #expect(try value("s/wanted_rank", problem).values == [Double(wanted)])
      let kept = min(wanted, 3)
      let (newU, diagonal, newV) = (try value("u", problem), try value("s", problem), try value("v", problem))
      let difference = wideU * newS * wideV - problem.weight
      #expect(abs(difference.norm - tail(values, after: kept)) < Self.rounding, "\(name), step \(count + 1)")
      if wanted <= 3 { #expect(difference.norm <= tolerance * newS.norm + Self.rounding) }
      for row in 0..<3 {
        for column in 0..<3 {
          let expected = row == column && row < kept ? values[row] : 0
          #expect(abs(diagonal[row, column] - expected) < Self.rounding)
        }
      }
      #expect((newU.transposed * newU).distance(to: .identity(3)) < Self.rounding)
      #expect((newV * newV.transposed).distance(to: .identity(3)) < Self.rounding)
      ofS.turn(newU.transposed * wideU, wideV * newV.transposed)
      ofK.turn(nil, v * newV.transposed)
      ofL.turn(newU.transposed * u, nil)
    }
  }

  @Test("from turned bases an adaptive step leaves the same W, under sgd with momentum")
  func invariance() throws {
    let inner = call("sgd", [("momentum", .decimal(0.9))])
    var plain = try core(inner, tolerance: 0.3)
    let (q, r) = (orthonormalFactor(Matrix(3, 3, seed: 21)), orthonormalFactor(Matrix(3, 3, seed: 22)))
    let turned = [
      try value("u", plain) * q, q.transposed * (try value("s", plain)) * r, r.transposed * (try value("v", plain)),
    ]
    var other = MatrixProblem(plain.update, plain.form, rank: 3, shape: Self.shape, parameters: turned)
    for (count, rate) in Self.rates.enumerated() {
      try plain.step(rate: rate, count: count + 1)
      try other.step(rate: rate, count: count + 1)
      #expect(plain.weight.distance(to: other.weight) < Self.rounding)
    }
  }

  @Test("the rank goes to what the last step found, within the bounds")
  func wantedRank() throws {
    let problem = try core(call("adam"), tolerance: 0.3)
    let update = try #require(problem.update as? any AdaptiveUpdate)
    for (found, expected) in [(2, 2), (1, 1), (0, 1), (5, 3)] {
      let stages = update.adjusted(problem.part, at: WeightExtents(rank: 9), measured: ["w.s/wanted_rank": [Float(found)]])
      #expect(stages == [WeightExtents(rank: expected)])
    }
    #expect(update.adjusted(problem.part, at: WeightExtents(rank: 2), measured: ["w.s/wanted_rank": [2]]).isEmpty)
    #expect(update.adjusted(problem.part, at: WeightExtents(rank: 2), measured: ["w.s/wanted_rank": [.nan]]).isEmpty)
  }

  @Test("a change of rank keeps W where it can, and moments turn with the bases", arguments: [2, 5])
  func changedRank(rank: Int) throws {
    var problem = try core(call("adam"), tolerance: 0.6)
    for (count, rate) in Self.rates.enumerated() { try problem.step(rate: rate, count: count + 1) }
    let before = problem
    let wanted = Int(try value("s/wanted_rank", problem).values[0])
    try #require(wanted <= 2)
    try problem.change(to: form("core", rank: rank, ["bases": .word("moving")]), rank: rank, stage: 0, rank < 3 ? .down : .up)
    #expect(problem.weight.distance(to: before.weight) < Self.rounding)
    let (u, v) = (try value("u", problem), try value("v", problem))
    #expect((u.transposed * u).distance(to: .identity(rank)) < Self.rounding)
    #expect((v * v.transposed).distance(to: .identity(rank)) < Self.rounding)
    let (left, right) = (u.transposed * (try value("u", before)), (try value("v", before)) * v.transposed)
    for slot in ["first_moment", "second_moment"] {
      func root(_ m: Matrix) -> Matrix { slot == "first_moment" ? m : Matrix(m.rows, m.columns, m.values.map { $0.squareRoot() }) }
      func square(_ m: Matrix) -> Matrix { slot == "first_moment" ? m : m.squares }
      let (k, s, l) = (try value("u/\(slot)", before), try value("s/\(slot)", before), try value("v/\(slot)", before))
      #expect(try value("u/\(slot)", problem).distance(to: square(root(k) * right)) < Self.rounding)
      #expect(try value("s/\(slot)", problem).distance(to: square(left * root(s) * right)) < Self.rounding)
      #expect(try value("v/\(slot)", problem).distance(to: square(left * root(l))) < Self.rounding)
    }
  }

  @Test("bounds that cannot hold, and a rank outside them, are obstacles")
  func obstacles() throws {
    func obstacle(_ options: [String: OptionValue], rank: Int = 3) -> UpdateObstacle? {
      let adaptive = ["update": call("adam"), "tolerance": OptionValue.decimal(0.1)].merging(options) { _, new in new }
      return update("basis_update", adaptive).obstacle(form("core", rank: rank, ["bases": .word("moving")]), Self.shape)
    }
    #expect(obstacle([:]) == nil)
    #expect(obstacle([:], rank: 4) != nil)
    #expect(obstacle(["at_least": .integer(4)]) != nil)
    #expect(obstacle(["at_most": .integer(4)]) != nil)
    let shape = WeightShape(inputs: 36, outputs: 6, convolution: TuckerCase.geometry)
    let moving = form("tucker", rank: 3, ["bases": .word("moving")])
    #expect(update("basis_update", ["update": call("adam")]).obstacle(moving, shape) != nil)
    #expect(update("basis_update", ["update": call("adam"), "tolerance": .decimal(0.1)]).obstacle(moving, shape) == nil)
    #expect(update("basis_update", ["update": call("adam")]).obstacle(form("tucker", rank: 3), shape) != nil)
  }

  // MARK: basis_update of tucker

  private struct TuckerCase {
    static let geometry = ConvolutionGeometry(
      kernel: Extent2(2), stride: Extent2(1), dilation: Extent2(1), padding: .none)
    let shape = WeightShape(inputs: 4 * 8, outputs: 6, convolution: geometry)
    let rank = 4
    let inputs = 3
    let update = DrnTestSupport.update(
      "basis_update", ["update": call("adam"), "tolerance": .decimal(0.3), "at_least": .integer(1)])

    func form(rank: Int, inputs: Int) -> any Parameterization {
      DrnTestSupport.form("tucker", rank: rank, ["input_rank": .integer(inputs), "bases": .word("moving")])
    }
    /// With orthonormal bases, moments and directions that are no zeros.
    func problem() -> MatrixProblem {
      let (u, v) = (orthonormalFactor(Matrix(8, inputs, seed: 31)), orthonormalFactor(Matrix(6, rank, seed: 32)).transposed)
      var problem = MatrixProblem(
        update, form(rank: rank, inputs: inputs), rank: rank, shape: shape,
        parameters: [u, Matrix(4 * inputs, rank, seed: 33), v])
      problem.set("w.core/first_moment", to: Matrix(4 * inputs, rank, seed: 34))
      problem.set("w.core/second_moment", to: Matrix(4 * inputs, rank, seed: 35).squares)
      problem.set("w.u/direction", to: Matrix(8, inputs, seed: 36))
      problem.set("w.v/direction", to: Matrix(rank, 6, seed: 37))
      return problem
    }
    /// The core as input rank x (places, rank).
    func byInput(_ core: Matrix, inputs: Int) -> Matrix {
      var result = Matrix(inputs, 4 * core.columns)
      for place in 0..<4 {
        for row in 0..<inputs {
          for column in 0..<core.columns { result[row, place * core.columns + column] = core[place * inputs + row, column] }
        }
      }
      return result
    }
    /// (I x left) core right.
    func turned(_ core: Matrix, left: Matrix, right: Matrix) -> Matrix {
      var rows: [Double] = []
      for place in 0..<4 {
        let block = Matrix(
          left.columns, core.columns,
          Array(core.values[(place * left.columns * core.columns)..<((place + 1) * left.columns * core.columns)]))
        rows += (left * block * right).values
      }
      return Matrix(4 * left.rows, right.columns, rows)
    }
  }

  @Test("a cut of the two modes keeps within both tails, and each goes its own way")
  func tuckerCut() throws {
    let tucker = TuckerCase()
    var problem = tucker.problem()
    let before = problem
    let core = try value("core", problem)
    let spectra = [try singularValues(tucker.byInput(core, inputs: 3)), try singularValues(core)]
    try problem.change(to: tucker.form(rank: 3, inputs: 2), rank: 3, stage: 0, .down)
    let error = (problem.weight - before.weight).norm
    let bound = (spectra[0].dropFirst(2) + spectra[1].dropFirst(3)).reduce(0) { $0 + $1 * $1 }
    #expect(error * error <= bound + Self.rounding)
    #expect(error > 1e-3)
    let (u, v) = (try value("u", problem), try value("v", problem))
    #expect(u.columns == 2 && v.rows == 3)
    #expect((u.transposed * u).distance(to: .identity(2)) < Self.rounding)
    #expect((v * v.transposed).distance(to: .identity(3)) < Self.rounding)
    let (left, right) = (u.transposed * (try value("u", before)), (try value("v", before)) * v.transposed)
    try expectTurned(problem, before, tucker, left: left, right: right)
    let directions = (try value("u/direction", before) * left.transposed, right.transposed * (try value("v/direction", before)))
    #expect(try value("u/direction", problem).distance(to: directions.0) < Self.rounding)
    #expect(try value("v/direction", problem).distance(to: directions.1) < Self.rounding)
  }

  @Test("augmented bases hold the old ones and their gradients, and leave W as it is")
  func tuckerAugmentation() throws {
    let tucker = TuckerCase()
    var problem = tucker.problem()
    // The augmentation takes twice the rank, 8 of 6 outputs being too many.
    try problem.change(to: tucker.form(rank: 3, inputs: 2), rank: 3, stage: 0, .down)
    let before = problem
    try problem.change(to: tucker.form(rank: 6, inputs: 4), rank: 6, stage: 1, .up)
    #expect(problem.weight.distance(to: before.weight) < Self.rounding)
    let (u, v) = (try value("u", problem), try value("v", problem))
    #expect((u.transposed * u).distance(to: .identity(4)) < Self.rounding)
    #expect((v * v.transposed).distance(to: .identity(6)) < Self.rounding)
    for held in [try value("u", before), try value("u/direction", before)] {
      #expect((u * (u.transposed * held)).distance(to: held) < Self.rounding)
    }
    for held in [try value("v", before), try value("v/direction", before)] {
      #expect(((held * v.transposed) * v).distance(to: held) < Self.rounding)
    }
    let (left, right) = (u.transposed * (try value("u", before)), (try value("v", before)) * v.transposed)
    try expectTurned(problem, before, tucker, left: left, right: right)
  }

  private func expectTurned(_ new: MatrixProblem, _ old: MatrixProblem, _ tucker: TuckerCase, left: Matrix, right: Matrix) throws {
    let (m, v) = (try value("core/first_moment", old), try value("core/second_moment", old))
    let root = Matrix(v.rows, v.columns, v.values.map { $0.squareRoot() })
    #expect(try value("core/first_moment", new).distance(to: tucker.turned(m, left: left, right: right)) < Self.rounding)
    #expect(try value("core/second_moment", new).distance(to: tucker.turned(root, left: left, right: right).squares) < Self.rounding)
  }

  @Test("what is kept of a mode is the least rank within the tolerance; it is held twice as wide")
  func tuckerRanks() throws {
    let tucker = TuckerCase()
    let (problem, update) = (tucker.problem(), try #require(tucker.update as? any AdaptiveUpdate))
    func stages(_ inputs: [Float], _ outputs: [Float]) -> [WeightExtents<Int>] {
      update.adjusted(
        problem.part, at: WeightExtents(rank: outputs.count, others: ["input_rank": inputs.count]),
        measured: ["w.u/spectrum": inputs, "w.v/spectrum": outputs])
    }
    // 0.3 of the norm: 3, 1 has the tail 1 of 3.2, which is more; 3, 0.9 has 0.9 of 3.13, which is less.
    #expect(stages([3, 1, 0], [3, 0.9]) == [1, 2].map { WeightExtents(rank: $0, others: ["input_rank": 2 * $0]) })
    // At most half of 6 outputs.
    #expect(stages([1, 0, 0], [1, 1, 1, 1]).first == WeightExtents(rank: 3, others: ["input_rank": 1]))
    #expect(stages([1, .nan, 0], [1, 1]).isEmpty)
    #expect(
      update.settled(WeightExtents(rank: 6, others: ["input_rank": 2]), of: problem.form, tucker.shape)
        == WeightExtents(rank: 3, others: ["input_rank": 1]))
  }

  // MARK: low_rank_gradient

  private func galore(_ options: [String: OptionValue]) -> any Update {
    let rank = OptionValue.call(
      OptionCall(
        name: "energy", nameSpan: testSpan,
        arguments: [.init(name: nil, nameSpan: nil, value: LocatedOption(.decimal(0.8), testSpan))], span: testSpan))
    return update("low_rank_gradient", ["update": call("adam"), "rank": rank].merging(options) { _, new in new })
  }

  @Test("the subspace has the least dimension that keeps the share of the gradient's energy, within bounds")
  func gradientRank() throws {
    let update = galore(["at_most": .integer(4), "at_least": .integer(2)])
    let adaptive = try #require(update as? any AdaptiveUpdate)
    let part = MatrixProblem.part(update, form("dense"), rank: 0, shape: Self.shape)
    func rank(_ spectrum: [Float], at rank: Int) -> Int? {
      adaptive.adjusted(part, at: WeightExtents(rank: 0, others: ["gradient_rank": rank]), measured: ["w/gradient_spectrum": spectrum])
        .first?.others["gradient_rank"]
    }
    // Squares 4, 1, 1: two keep 5 of 6, which is more than 0.8; one keeps 0.67.
    #expect(rank([2, 1, 1, 0, 0, 0, 0], at: 4) == 2)
    #expect(rank([2, 2, 2, 2, 2, 2, 2], at: 2) == 4)
    #expect(rank([2, 0, 0, 0, 0, 0, 0], at: 2) == nil)
    #expect(update.extents(of: form("dense"), Self.shape) == [ExtentSpec("gradient_rank", initial: 4, bounds: 2...4)])
    #expect(galore(["at_most": .integer(8)]).obstacle(form("dense"), Self.shape) != nil)
    #expect(galore(["at_most": .integer(3), "at_least": .integer(4)]).obstacle(form("dense"), Self.shape) != nil)
  }

  @Test("fewer dimensions keep the leading ones and their moments, more of them begin at zero")
  func gradientRankChange() throws {
    let update = galore(["at_most": .integer(4), "converged": .decimal(0.5)])
    func bound(_ rank: Int) -> any Update { update.bound(to: ["gradient_rank": Dimension(rank)]) }
    var problem = MatrixProblem(bound(4), form("dense"), shape: Self.shape, parameters: [Matrix(9, 7, seed: 3)])
    try problem.renew()
    for count in 1...2 { try problem.step(rate: 0.1, count: count) }
    let before = problem
    try problem.change(to: form("dense"), rank: 0, stage: 0, .down, update: bound(2))
    #expect(problem.weight == before.weight)
    for name in ["basis", "first_moment", "second_moment"] {
      let (old, new) = (try #require(before.values["w/\(name)"]), try #require(problem.values["w/\(name)"]))
      #expect(new.columns == 2 && new.rows == old.rows)
      for row in 0..<new.rows { for column in 0..<2 { #expect(new[row, column] == old[row, column]) } }
    }
    var wider = MatrixProblem(bound(2), form("dense"), shape: Self.shape, parameters: [problem.weight])
    for (name, value) in problem.values { wider.set(name, to: value) }
    let narrow = wider
    try wider.change(to: form("dense"), rank: 0, stage: 0, .up, update: bound(3))
    for name in ["basis", "first_moment", "second_moment"] {
      let (old, new) = (try #require(narrow.values["w/\(name)"]), try #require(wider.values["w/\(name)"]))
      for row in 0..<new.rows {
        for column in 0..<3 { #expect(new[row, column] == (column < 2 ? old[row, column] : 0)) }
      }
    }
  }

  @Test("a renewal is due when the norm within the subspace has fallen to the share, not before the least number of updates")
  func convergence() throws {
    let update = galore(["rank": .integer(2), "converged": .decimal(0.5), "at_earliest": .duration(Duration(.step, 3))])
    var problem = MatrixProblem(update, form("dense"), shape: Self.shape, parameters: [Matrix(9, 7, seed: 3)])
    try problem.renew()
    let basis = try #require(problem.values["w/basis"])
    var first: Double?
    var seen: [Bool] = []
    for count in 1...6 {
      let norm = (problem.gradient(at: problem.weight) * basis).norm
      first = first ?? norm
      // Steps so long that the gradient falls fast.
      try problem.step(rate: 0.4, count: count)
      let due = try #require(problem.values["w/renewal_due"]).values[0]
      #expect(due == (norm <= 0.5 * (first ?? 0) && count >= 3 ? 1 : 0), "update \(count)")
      #expect(try #require(problem.values["w/updates_in_subspace"]).values == [Double(count)])
      seen.append(due == 1)
    }
    #expect(seen.contains(true) && seen.contains(false))
    try problem.renew()
    #expect(try #require(problem.values["w/renewal_due"]).values == [0])
    #expect(try #require(problem.values["w/updates_in_subspace"]).values == [0])
    let renewing = try #require(update as? any RenewingUpdate)
    #expect(renewing.renewalTrigger(of: problem.part)?.due == "w/renewal_due")
  }

  private func value(_ name: String, _ problem: MatrixProblem) throws -> Matrix { try #require(problem.values["w.\(name)"]) }
}
