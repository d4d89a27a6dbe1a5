import DrnIR
import DrnMethods
import DrnReference
import DrnTestSupport
import Testing

/// One row and column of the matrix of forms in these tests.
struct Place: CustomTestStringConvertible, Sendable {
  let word: String
  let rank: Int
  /// What an adapter adds.
  var delta: String?
  /// The input rank, where it has one of its own.
  var inputs: Int?
  var form: any Parameterization {
    var options: [String: OptionValue] = [:]
    if let delta { options["form"] = .word(delta) }
    if let inputs { options["input_rank"] = .integer(inputs) }
    return DrnTestSupport.form(word, rank: hasRank(word) ? rank : nil, options)
  }
  var testDescription: String {
    !hasRank(word) ? word : "\(word) \(rank)\(delta.map { " of \($0)" } ?? "")\(inputs.map { ", inputs \($0)" } ?? "")"
  }

  /// Every form of a linear layer; those with a rank at 2 and at the short side of 5.
  static let all = places(matrixForms, ranks: [2, 5], shortSide: 5)
  /// Every form of a convolution; those with a rank at 2 and at the short side of 4.
  static let convolutions =
    places(Parameterizations.all.map { $0.spec.name }, ranks: [2, 4], shortSide: 4)
    + ["tucker", "cp"].map { Place(word: "adapter", rank: 2, delta: $0) }
    + [(2, 1), (4, 1), (2, 2)].map { Place(word: "tucker", rank: $0.0, inputs: $0.1) }

  private static func places(_ words: [String], ranks: [Int], shortSide: Int) -> [Place] {
    words.flatMap { word in (hasRank(word) ? ranks : [shortSide]).map { Place(word: word, rank: $0) } }
  }
}

/// Runs one transition with a slot of gradients and one of squared gradients.
struct TransitionRun {
  static let shape = WeightShape(inputs: 7, outputs: 5)
  let shape: WeightShape
  let old: Place
  let new: Place
  let values: [Matrix]
  /// Whether slots go along.
  var carriesState = true
  /// By index of the parameter in the old form.
  var moments: [Int: Matrix] = [:]
  var squares: [Int: Matrix] = [:]

  init(_ old: Place, _ new: Place, seed: UInt64 = 40, shape: WeightShape = Self.shape) throws {
    self.shape = shape
    self.old = old
    self.new = new
    values = try randomParameters(old.form, shape, rank: old.rank, seed: seed)
    for index in old.form.trainedIndices(shape, rank: Dimension(old.rank)) {
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
    let isSame = old.word == new.word && old.rank == new.rank && old.delta == new.delta
    var bench = Bench(ranks: isSame ? [old.rank] : [old.rank, new.rank])
    let (oldRank, newRank) = (bench.rank(0), bench.rank(isSame ? 0 : 1))
    let parameters = bench.parameters(old.form, shape, oldRank, values)
    let specs = old.form.parameters(shape, rank: oldRank)
    var first: [Int: Value] = [:]
    var second: [Int: Value] = [:]
    for index in old.form.trainedIndices(shape, rank: oldRank) {
      if let moment = moments[index] { first[index] = bench.input("m\(index)", specs[index].shape, moment.tensor) }
      if let square = squares[index] { second[index] = bench.input("v\(index)", specs[index].shape, square.tensor) }
    }
    let request = TransitionRequest(
      name: "w", shape: shape, old: old.form, oldRank: oldRank, new: new.form, newRank: newRank,
      direction: isSame ? .unchanged : new.rank > old.rank ? .up : .down, parameters: parameters,
      slots: carriesState
        ? [
          .init(SlotSpec("first", .gradient), content: first), .init(SlotSpec("second", .squaredGradient), content: second),
          .init(SlotSpec("point", .own), content: first),
        ] : [], key: bench.key())
    let result = try emitTransition(request, in: &bench.builder)
    return try collect(result, parameters, oldRank, &bench)
  }

  private func collect(_ result: TransitionResult, _ old: [Value], _ oldRank: Dimension, _ bench: inout Bench) throws -> Outcome {
    #expect(result.slots.map(\.spec.name) == (carriesState ? ["first", "second"] : []))
    for (index, value) in result.parameters.enumerated() { bench.output("p\(index)", value) }
    for slot in result.slots {
      for (index, value) in slot.content.sorted(by: { $0.key < $1.key }) { bench.output("\(slot.spec.name)\(index)", value) }
    }
    bench.output("error", result.truncationError)
    if let residual = result.momentResidual { bench.output("residual", residual) }
    let dense = try self.old.form.reconstruct(old, shape: shape, rank: oldRank, in: &bench.builder)
    bench.output("spectrum", try bench.builder.singularValues(dense).s)
    let found = try bench.run()
    var outcome = Outcome()
    for index in result.parameters.indices { outcome.parameters.append(try #require(found["p\(index)"])) }
    for slot in result.slots {
      for index in slot.content.keys {
        if slot.spec.name == "first" {
          outcome.moments[index] = found["first\(index)"]
        } else {
          outcome.squares[index] = found["second\(index)"]
        }
      }
    }
    outcome.error = try #require(found["error"]).values[0]
    outcome.residual = found["residual"]?.values[0]
    outcome.spectrum = try #require(found["spectrum"]).values
    return outcome
  }
}

extension TransitionRun {
  init(_ old: Place, _ new: Place, values: [Matrix], moments: [Int: Matrix], shape: WeightShape = Self.shape) {
    self.shape = shape
    self.old = old
    self.new = new
    self.values = values
    self.moments = moments
    squares = moments.mapValues(\.squares)
  }
}
