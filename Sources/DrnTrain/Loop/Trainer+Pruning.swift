import DrnCompiler
import DrnData
import DrnIR
import DrnLowering
import DrnMethods
import DrnNumbers
import DrnProgram

extension Trainer {
  /// Scores the network on the test split at each share that a measurement keeps of the trained tensors of some weights, with one record each.
  /// The weights are then what they were.
  func report(_ measurement: any PruningMeasurement, weights: [Int], step: Int) throws(TrainError) {
    let whole = try trainedTensors(of: weights)
    for share in measurement.keep {
      var (kept, count) = (0, 0)
      for (weight, name, values) in whole {
        let number = measurement.kept(share, of: values.count, isLast: weight == program.weights.count - 1)
        state.places[name] = .values(pruneToLargest(values, count: number))
        (kept, count) = (kept + number, count + values.count)
      }
      try segment.load(&state)
      let score = try testScore()
      try record(
        LogRecord(
          type(of: measurement).spec.name,
          [
            .init("step", .integer(step)), .init("phase", .integer(phase)), .init("keep", .number(share.number)),
            .init("kept", .integer(kept)), .init("of", .integer(count)), .init("test_loss", score.map { .number($0.loss) } ?? .none),
            .init("test_accuracy", score?.accuracy.map { .number($0) } ?? .none),
          ]))
    }
    for (_, name, values) in whole { state.places[name] = .values(values) }
    try segment.load(&state)
  }

  /// The score on the test split with the weights as they are; `nil` without one.
  func testScore() throws(TrainError) -> Score? {
    guard let set = data.test else { return nil }
    return try segment.evaluate(set.wholeExamples, of: set, preparation: data.preparation)
  }

  /// The tensors that the forms of some weights train, with their values.
  private func trainedTensors(of weights: [Int]) throws(TrainError) -> [(weight: Int, name: String, values: [Float])] {
    let tensors: [PhaseTensor]
    do { tensors = try compiler.tensors(phase: phase, ranks: state.ranks) } catch { throw TrainError(.defect, error.message) }
    var found: [(weight: Int, name: String, values: [Float])] = []
    for tensor in tensors where tensor.info.parameter?.isTrainable == true {
      guard let weight = tensor.info.weight, weights.contains(weight), let place = state.places[tensor.info.name] else { continue }
      found.append((weight, tensor.info.name, try place.values()))
    }
    return found
  }
}
