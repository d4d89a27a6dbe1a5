import DrnIR
import DrnMethods
import DrnReference
import Testing

/// One row and column of the matrix of forms in these tests.
struct Place: CustomTestStringConvertible, Sendable {
  let word: String
  let rank: Int
  var form: any Parameterization { DrnMethodsTests.form(word, rank: word == "dense" ? nil : rank) }
  var testDescription: String { word == "dense" ? word : "\(word) \(rank)" }

  /// Every form; those with a rank at 2 and at the short side of 5.
  static let all = Parameterizations.all.flatMap { type -> [Place] in
    let ranks = type.spec.name == "dense" ? [5] : [2, 5]
    return ranks.map { Place(word: type.spec.name, rank: $0) }
  }
}

/// Runs one transition with a slot of gradients and one of squared gradients.
struct TransitionRun {
  static let shape = WeightShape(inputs: 7, outputs: 5)
  let old: Place
  let new: Place
  let values: [Matrix]
  /// By index of the parameter in the old form.
  var moments: [Int: Matrix] = [:]
  var squares: [Int: Matrix] = [:]

  init(_ old: Place, _ new: Place, seed: UInt64 = 40) throws {
    self.old = old
    self.new = new
    values = try randomParameters(old.form, Self.shape, rank: old.rank, seed: seed)
    for index in old.form.trainedIndices(Self.shape, rank: Dimension(old.rank)) {
      moments[index] = Matrix(values[index].rows, values[index].columns, seed: seed + 500 + UInt64(index))
      squares[index] = Matrix(values[index].rows, values[index].columns, seed: seed + 700 + UInt64(index)).squares
    }
  }

  struct Outcome {
    var parameters: [Matrix] = []
    var moments: [Int: Matrix] = [:]
    var squares: [Int: Matrix] = [:]
    var error = 0.0
    var residual: Double?
    var spectrum: [Double] = []
  }

  func run() throws -> Outcome {
    let isSame = old.word == new.word && old.rank == new.rank
    var bench = Bench(ranks: isSame ? [old.rank] : [old.rank, new.rank])
    let (oldRank, newRank) = (bench.rank(0), bench.rank(isSame ? 0 : 1))
    let parameters = bench.parameters(old.form, Self.shape, oldRank, values)
    let specs = old.form.parameters(Self.shape, rank: oldRank)
    var first: [Int: Value] = [:]
    var second: [Int: Value] = [:]
    for index in old.form.trainedIndices(Self.shape, rank: oldRank) {
      if let moment = moments[index] { first[index] = bench.input("m\(index)", specs[index].shape, moment.tensor) }
      if let square = squares[index] { second[index] = bench.input("v\(index)", specs[index].shape, square.tensor) }
    }
    let request = TransitionRequest(
      name: "w", shape: Self.shape, old: old.form, oldRank: oldRank, new: new.form, newRank: newRank,
      direction: isSame ? .unchanged : new.rank > old.rank ? .up : .down, parameters: parameters,
      slots: [
        .init(SlotSpec("first", .gradient), content: first), .init(SlotSpec("second", .squaredGradient), content: second),
        .init(SlotSpec("point", .weight), content: first),
      ], key: bench.key())
    let result = try emitTransition(request, in: &bench.builder)
    return try collect(result, parameters, oldRank, &bench)
  }

  private func collect(_ result: TransitionResult, _ old: [Value], _ oldRank: Dimension, _ bench: inout Bench) throws -> Outcome {
    #expect(result.slots.map(\.spec.name) == ["first", "second"])
    for (index, value) in result.parameters.enumerated() { bench.output("p\(index)", value) }
    for slot in result.slots {
      for (index, value) in slot.content.sorted(by: { $0.key < $1.key }) { bench.output("\(slot.spec.name)\(index)", value) }
    }
    bench.output("error", result.truncationError)
    if let residual = result.momentResidual { bench.output("residual", residual) }
    let dense = try self.old.form.reconstruct(old, shape: Self.shape, rank: oldRank, in: &bench.builder)
    bench.output("spectrum", try bench.builder.singularValues(dense).s)
    let found = try bench.run()
    var outcome = Outcome()
    for index in result.parameters.indices { outcome.parameters.append(try #require(found["p\(index)"])) }
    for index in result.slots[0].content.keys { outcome.moments[index] = found["first\(index)"] }
    for index in result.slots[1].content.keys { outcome.squares[index] = found["second\(index)"] }
    outcome.error = try #require(found["error"]).values[0]
    outcome.residual = found["residual"]?.values[0]
    outcome.spectrum = try #require(found["spectrum"]).values
    return outcome
  }
}

@Suite("Transition matrix")
struct TransitionCellTests {
  @Test("each cell does to W what it says, and leaves one slot per trained parameter", arguments: Place.all, Place.all)
  func cell(old: Place, new: Place) throws {
    let shape = TransitionRun.shape
    let cell = transitionCell(from: old.form, rank: old.rank, to: new.form, rank: new.rank, shape: shape)
    let run = try TransitionRun(old, new)
    let outcome = try run.run()
    let before = product(old.form, run.values, rank: old.rank)
    let after = product(new.form, outcome.parameters, rank: new.rank)
    let error = (after - before).norm / before.norm
    // SVDs and products of a 7 x 5 matrix in double precision.
    #expect(abs(outcome.error - error) < 1e-9)
    switch cell.weights {
    case .exact, .additive: #expect(error < 1e-10)
    case .truncating:
      let tail = outcome.spectrum.dropFirst(new.rank).reduce(0) { $0 + $1 * $1 }.squareRoot()
      #expect(abs(error - tail / before.norm) < 1e-10)
      #expect(tail > 0.01 * before.norm)
    case .refused(let reason): Issue.record("\(reason)")
    }
    let trained = new.form.trainedIndices(shape, rank: Dimension(new.rank))
    #expect(outcome.moments.keys.sorted() == trained && outcome.squares.keys.sorted() == trained)
    for index in trained {
      let parameter = outcome.parameters[index]
      let (moment, square) = (try #require(outcome.moments[index]), try #require(outcome.squares[index]))
      #expect(moment.rows == parameter.rows && moment.columns == parameter.columns)
      #expect(square.rows == parameter.rows && square.columns == parameter.columns)
      #expect(square.values.allSatisfy { $0 >= 0 && $0.isFinite })
      #expect(moment.values.allSatisfy { $0.isFinite })
    }
  }

  @Test("a slot that is exact comes back when the change is undone", arguments: Place.all, Place.all)
  func exactStateComesBack(old: Place, new: Place) throws {
    let cell = transitionCell(from: old.form, rank: old.rank, to: new.form, rank: new.rank, shape: TransitionRun.shape)
    guard cell.gradient == .exact, cell.weights == .exact else { return }
    // Between ranks of one form the old entries stay in place; otherwise the way back is a transition.
    let run = try TransitionRun(old, new)
    let there = try run.run()
    if old.word == new.word {
      for (index, moment) in run.moments {
        let grown = try #require(there.moments[index])
        for row in 0..<moment.rows { for column in 0..<moment.columns { #expect(grown[row, column] == moment[row, column]) } }
      }
      return
    }
    let back = try TransitionRun(new, old, values: there.parameters, moments: there.moments).run()
    for (index, moment) in run.moments {
      let returned = try #require(back.moments[index])
      // The way back finds other bases of a core; seen densely the moment is the same.
      let difference =
        old.word == "core"
        ? (back.parameters[0] * returned * back.parameters[2]).distance(to: run.values[0] * moment * run.values[2])
        : returned.distance(to: moment)
      #expect(difference < 1e-9)
    }
  }

  @Test("ranks outside 1...short side are refused with both numbers", arguments: [0, -3, 6])
  func refusals(rank: Int) {
    let shape = TransitionRun.shape
    let cell = transitionCell(from: form("dense"), rank: 0, to: form("factored", rank: rank), rank: rank, shape: shape)
    guard case .refused(let reason) = cell.weights else { Issue.record("rank \(rank) is accepted"); return }
    #expect(reason.contains("\(rank)") && reason.contains("factored"))
    #expect(transitionCell(from: form("dense"), rank: 0, to: form("factored", rank: 5), rank: 5, shape: shape).weights == .exact)
  }

  @Test("slots in weight space can only be reset, with the reason", arguments: Place.all)
  func weightSlots(place: Place) {
    let cell = transitionCell(from: form("dense"), rank: 0, to: place.form, rank: place.rank, shape: TransitionRun.shape)
    guard case .resetOnly(let reason) = cell.state(.weight) else { Issue.record("carried"); return }
    #expect(!reason.isEmpty)
  }

  @Test("the printed matrix has one row and one column for each form and rank, all of one width")
  func table() {
    let lines = transitionMatrixTable().split(separator: "\n")
    let count = 1 + 2 * (Parameterizations.all.count - 1)
    #expect(lines.count == count + 2)
    for line in lines { #expect(line.split(separator: "|").count == count + 1) }
    #expect(lines[2].hasPrefix("| dense | exact; exact, exact | truncating; projected, heuristic | exact; exact, heuristic |"))
  }
}

extension TransitionRun {
  init(_ old: Place, _ new: Place, values: [Matrix], moments: [Int: Matrix]) {
    self.old = old
    self.new = new
    self.values = values
    self.moments = moments
    squares = moments.mapValues(\.squares)
  }
}
