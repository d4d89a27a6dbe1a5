import DrnIR
import DrnMethods
import DrnReference
import Testing

@Suite("Transition matrix of convolutions")
struct ConvolutionTransitionTests {
  /// Two rows and three columns of a kernel over 2 channels: 12 x 4.
  static let shape = WeightShape.convolution(Extent2(height: 2, width: 3), channels: 2, outputs: 4)
  private var shape: WeightShape { Self.shape }

  @Test("each cell does to W what it says, and state goes where it says", arguments: Place.convolutions, Place.convolutions)
  func cell(old: Place, new: Place) throws {
    let cell = transitionCell(from: old.form, rank: old.rank, to: new.form, rank: new.rank, shape: shape)
    var run = try TransitionRun(old, new, shape: shape)
    if case .refused(let reason) = cell.weights {
      #expect(!reason.isEmpty && new.word == "cp")
      run.carriesState = false
      #expect(throws: IRError.self) { try run.run() }
      return
    }
    if case .resetOnly = cell.gradient {
      #expect(throws: IRError.self) { try run.run() }
      run.carriesState = false
    }
    let outcome = try run.run()
    let before = product(old.form, run.values, rank: old.rank, shape: shape)
    let after = product(new.form, outcome.parameters, rank: new.rank, shape: shape)
    let error = (after - before).norm / before.norm
    // SVDs and products of a 12 x 4 matrix in double precision.
    #expect(abs(outcome.error - error) < 1e-9)
    try expectChange(cell, error, before, new)
    guard run.carriesState else { return }
    let trained = new.form.trainedIndices(shape, rank: Dimension(new.rank))
    #expect(outcome.moments.keys.sorted() == trained && outcome.squares.keys.sorted() == trained)
    for index in trained {
      let parameter = outcome.parameters[index]
      let (moment, square) = (try #require(outcome.moments[index]), try #require(outcome.squares[index]))
      #expect(moment.rows == parameter.rows && moment.columns == parameter.columns && moment.values.allSatisfy { $0.isFinite })
      #expect(square.rows == parameter.rows && square.columns == parameter.columns)
      #expect(square.values.allSatisfy { $0 >= 0 && $0.isFinite })
    }
  }

  private func expectChange(_ cell: TransitionCell, _ error: Double, _ before: Matrix, _ new: Place) throws {
    func tail(_ values: [Double]) -> Double { values.dropFirst(new.rank).reduce(0) { $0 + $1 * $1 }.squareRoot() / before.norm }
    let byOutput = tail(try spectrum(before))
    switch cell.weights {
    case .exact, .additive: #expect(error < 1e-10)
    case .truncating where new.word == "tucker":
      // De Lathauwer et al. 2000, property 10: no better than the best of either unfolding, no worse than both tails together.
      let byInput = tail(try spectrum(unfoldedByChannel(before, places: shape.kernelArea)))
      #expect(error > max(byOutput, byInput) - 1e-10 && error * error < byOutput * byOutput + byInput * byInput + 1e-10)
      #expect(error > 0.01)
    case .truncating:
      #expect(abs(error - byOutput) < 1e-10)
      #expect(byOutput > 0.01)
    case .refused(let reason): Issue.record("\(reason)")
    }
  }

  @Test("a higher rank of a chain keeps every old entry of its state in its block, with zeros around", arguments: ["tucker", "cp"])
  func paddedState(word: String) throws {
    let run = try TransitionRun(Place(word: word, rank: 2), Place(word: word, rank: 4), shape: shape)
    let outcome = try run.run()
    let specs = Place(word: word, rank: 2).form.parameters(shape, rank: 2)
    for (index, moment) in run.moments {
      let grown = try #require(outcome.moments[index])
      let places = specs[index].kernel.map { $0.height * $0.width } ?? 1
      let (old, new) = (moment.rows / places, grown.rows / places)
      for row in 0..<grown.rows {
        for column in 0..<grown.columns {
          let (place, inner) = (row / new, row % new)
          let isOld = inner < old && column < moment.columns
          #expect(grown[row, column] == (isOld ? moment[place * old + inner, column] : 0))
        }
      }
    }
  }

  @Test("a higher rank of a chain leaves no direction without a gradient", arguments: ["tucker", "cp"])
  func livingDirections(word: String) throws {
    let place = Place(word: word, rank: 4)
    let outcome = try TransitionRun(Place(word: word, rank: 2), place, shape: shape).run()
    var bench = Bench(ranks: [4])
    let parameters = bench.parameters(place.form, shape, bench.rank(0), outcome.parameters)
    let dense = bench.input("g", Matrix(shape.inputs, shape.outputs, seed: 3))
    let pulled = try place.form.pullBackGradient(dense, parameters: parameters, shape: shape, rank: bench.rank(0), in: &bench.builder)
    for (index, value) in pulled.enumerated() { bench.output("\(index)", value) }
    let found = try bench.run()
    // Each of the three or two rank axes: the new indices 2 and 3 meet a parameter that is not zero or a gradient that is not.
    let core = try #require(found["1"])
    #expect((2..<4).allSatisfy { column in (0..<core.rows).contains { core[$0, column] != 0 } })
    #expect((2..<4).allSatisfy { row in (0..<4).contains { core[row, $0] != 0 } })
    guard word == "cp" else { return }
    let last = try #require(found["3"])
    #expect((2..<4).allSatisfy { row in (0..<4).contains { last[row, $0] != 0 } })
  }

  @Test("dense momentum reaches the factors of a convolution by the rules of matrices: M v^T and u^T M")
  func carriesMomentum() throws {
    let run = try TransitionRun(Place(word: "dense", rank: 4), Place(word: "factored", rank: 2), shape: shape)
    let outcome = try run.run()
    let (u, v) = (outcome.parameters[0], outcome.parameters[1])
    let momentum = try #require(run.moments[0])
    #expect(try #require(outcome.moments[0]).distance(to: momentum * v.transposed) < 1e-12)
    #expect(try #require(outcome.moments[1]).distance(to: u.transposed * momentum) < 1e-12)
  }

  @Test("nothing leads into cp but cp of a lower rank; from cp a way leads everywhere")
  func wayIntoCP() {
    func cell(_ old: Place, _ new: Place) -> TransitionCell.Weights {
      transitionCell(from: old.form, rank: old.rank, to: new.form, rank: new.rank, shape: shape).weights
    }
    let (two, four) = (Place(word: "cp", rank: 2), Place(word: "cp", rank: 4))
    for place in Place.convolutions where place.word != "cp" {
      guard case .refused(let reason) = cell(place, two) else { Issue.record("\(place)"); continue }
      #expect(reason.contains("`\(place.word)`") && reason.contains("`cp`"))
      if case .refused = cell(two, place) { Issue.record("\(place)") }
    }
    #expect(cell(two, four) == .exact && cell(two, two) == .exact)
    guard case .refused(let reason) = cell(four, two) else { Issue.record("cut"); return }
    #expect(reason.contains("grow"))
    // A chain of rank 2 has no more than rank 2 in either channel mode.
    #expect(cell(two, Place(word: "tucker", rank: 2)) == .exact && cell(two, Place(word: "factored", rank: 2)) == .exact)
    #expect(cell(Place(word: "factored", rank: 2), Place(word: "tucker", rank: 2)) == .exact)
  }

  @Test("forms that split a kernel refuse a linear layer, and every form with a rank refuses groups")
  func obstacles() {
    let linear = WeightShape(inputs: 12, outputs: 4)
    let grouped = WeightShape.convolution(Extent2(2), channels: 2, outputs: 4, groups: 2)
    for place in Place.convolutions {
      let splits = place.word == "tucker" || place.word == "cp" || place.delta != nil
      #expect((place.form.obstacle(linear) == .noKernel) == splits)
      #expect(place.form.obstacle(grouped) == (place.word == "dense" ? nil : .grouped(2)))
      #expect(place.form.obstacle(shape) == nil)
    }
  }
}
