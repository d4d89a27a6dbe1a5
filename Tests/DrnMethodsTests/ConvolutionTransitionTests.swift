import DrnIR
import DrnMethods
import DrnReference
import DrnTestSupport
import Testing

@Suite("Transition matrix of convolutions")
struct ConvolutionTransitionTests {
  /// Two rows and three columns of a kernel over 2 channels: 12 x 4.
  static let shape = WeightShape.convolution(Extent2(height: 2, width: 3), channels: 2, outputs: 4)
  private var shape: WeightShape { Self.shape }

  @Test("each cell does to W what it says, and state goes where it says", arguments: Place.convolutions, Place.convolutions)
  func cell(old: Place, new: Place) throws {
    let cell = transitionCell(from: old.form, rank: old.rank, to: new.form, rank: new.rank, shape: shape)
    let run = try TransitionRun(old, new, shape: shape)
    let outcome = try run.run()
    let before = product(old.form, run.values, rank: old.rank, shape: shape)
    let after = product(new.form, outcome.parameters, rank: new.rank, shape: shape)
    let error = (after - before).norm / before.norm
    // SVDs and products of a 12 x 4 matrix in double precision.
    #expect(abs(outcome.error - error) < 1e-9)
    try expectChange(cell, error, before, new)
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
    func tail(_ values: [Double], _ rank: Int? = nil) -> Double {
      values.dropFirst(rank ?? new.rank).reduce(0) { $0 + $1 * $1 }.squareRoot() / before.norm
    }
    let byOutput = tail(try spectrum(before))
    switch cell.weights {
    case .exact, .additive: #expect(error < 1e-10)
    case .truncating where new.word == "tucker":
      // De Lathauwer et al. 2000, property 10: no better than the best of either unfolding, no worse than both tails together.
      let byInput = tail(try spectrum(unfoldedByChannel(before, places: shape.kernelArea)), new.inputs)
      #expect(error > max(byOutput, byInput) - 1e-10 && error * error < byOutput * byOutput + byInput * byInput + 1e-10)
      #expect(error > 0.01)
    case .truncating where new.word == "cp":
      // Oseledets 2011, theorem 2.2: the same for the three unfoldings of a train of four.
      let byInput = tail(try spectrum(unfoldedByChannel(before, places: shape.kernelArea)))
      let byColumn = tail(try spectrum(unfoldedByColumn(before, height: 2)))
      #expect(error > max(byOutput, byInput, byColumn) - 1e-10)
      #expect(error * error < byOutput * byOutput + byInput * byInput + byColumn * byColumn + 1e-10)
      #expect(error > 0.01)
    case .truncating where new.word == "sparse":
      #expect(abs(error - before.tail(without: before.values.count / 2) / before.norm) < 1e-10)
    case .truncating where new.word == "kronecker": #expect(error > 0.01)  // How much: KroneckerTests.
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

  @Test("a way leads from every form into every other, and state goes along; chains of few channels fit where they must")
  func ways() {
    func cell(_ old: Place, _ new: Place) -> TransitionCell {
      transitionCell(from: old.form, rank: old.rank, to: new.form, rank: new.rank, shape: shape)
    }
    for old in Place.convolutions {
      for new in Place.convolutions {
        if case .refused(let reason) = cell(old, new).weights { Issue.record("\(old), \(new): \(reason)") }
        if case .resetOnly(let reason) = cell(old, new).gradient { Issue.record("\(old), \(new): \(reason)") }
        if case .resetOnly(let reason) = cell(old, new).squaredGradient { Issue.record("\(old), \(new): \(reason)") }
      }
    }
    let (two, four) = (Place(word: "cp", rank: 2), Place(word: "cp", rank: 4))
    #expect(cell(two, four).weights == .exact && cell(two, two).weights == .exact && cell(four, two).weights == .truncating)
    // A chain of rank 2 has no more than rank 2 in either channel mode.
    #expect(cell(two, Place(word: "tucker", rank: 2)).weights == .exact && cell(two, Place(word: "factored", rank: 2)).weights == .exact)
    #expect(cell(Place(word: "factored", rank: 2), Place(word: "tucker", rank: 2)).weights == .exact)
    // Factors of rank 2 can have rank 4 between kernel columns and rows.
    #expect(cell(Place(word: "factored", rank: 2), two).weights == .truncating)
    #expect(cell(Place(word: "factored", rank: 2), four).weights == .exact)
  }

  @Test("a chain is found again in the dense weight it makes", arguments: [1, 2, 3])
  func recovered(rank: Int) throws {
    let shape = WeightShape.convolution(Extent2(3), channels: 5, outputs: 6)
    let (dense, chain) = (Place(word: "dense", rank: 6), Place(word: "cp", rank: rank))
    let there = try TransitionRun(chain, dense, shape: shape)
    let whole = product(chain.form, there.values, rank: rank, shape: shape)
    let back = try TransitionRun(dense, chain, values: [whole], moments: [0: whole], shape: shape).run()
    // Three SVDs of a 45 x 6 weight in double precision.
    #expect(back.error < 1e-12)
    #expect(product(chain.form, back.parameters, rank: rank, shape: shape).distance(to: whole) < 1e-12 * whole.norm)
  }

  @Test("a sum of two products of four vectors is one chain of rank 2, and not one of rank 1")
  func canonical() throws {
    let shape = WeightShape.convolution(Extent2(height: 2, width: 3), channels: 4, outputs: 5)
    let (c, i, j, o) = (Matrix(4, 2, seed: 1), Matrix(2, 2, seed: 2), Matrix(3, 2, seed: 3), Matrix(5, 2, seed: 4))
    var kernel = Matrix(24, 5)
    for row in 0..<24 {
      for column in 0..<5 {
        let (y, x, channel) = (row / 12, row / 4 % 3, row % 4)
        for term in 0..<2 { kernel[row, column] += i[y, term] * j[x, term] * c[channel, term] * o[column, term] }
      }
    }
    func error(_ rank: Int) throws -> Double {
      let (dense, chain) = (Place(word: "dense", rank: 5), Place(word: "cp", rank: rank))
      return try TransitionRun(dense, chain, values: [kernel], moments: [0: kernel], shape: shape).run().error
    }
    #expect(try error(2) < 1e-12)
    #expect(try error(1) > 0.05)
  }

  @Test("forms that split a kernel refuse a linear layer, and every form that is not W itself refuses groups")
  func obstacles() {
    let linear = WeightShape(inputs: 12, outputs: 4)
    let grouped = WeightShape.convolution(Extent2(2), channels: 2, outputs: 4, groups: 2)
    for place in Place.convolutions {
      let splits = place.word == "tucker" || place.word == "cp" || place.delta != nil
      #expect((place.form.obstacle(linear) == .noKernel) == splits)
      #expect(place.form.obstacle(grouped) == (["dense", "power", "sparse"].contains(place.word) ? nil : .grouped(2)))
      #expect(place.form.obstacle(shape) == nil)
    }
  }
}
