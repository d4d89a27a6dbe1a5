import DrnIR
import DrnMethods
import DrnReference
import DrnTestSupport
import Testing

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
    case .truncating where new.word == "sparse":
      let tail = before.tail(without: before.values.count / 2)
      #expect(abs(error - tail / before.norm) < 1e-10 && error > 0.01)
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
    guard case .resetOnly(let reason) = cell.state(.own) else { Issue.record("carried"); return }
    #expect(!reason.isEmpty)
  }

  @Test("the printed matrix has one row and one column for each form and rank, all of one width")
  func table() {
    let lines = transitionMatrixTable().split(separator: "\n")
    let count = Parameterizations.all.reduce(0) { $0 + (hasRank($1.spec.name) ? 2 : 1) }
    #expect(lines.count == count + 2)
    for line in lines { #expect(line.split(separator: "|").count == count + 1) }
    #expect(lines[2].hasPrefix("| dense | exact; exact, exact | truncating; projected, heuristic | exact; exact, heuristic |"))
  }
}
