import DrnData
import DrnProgram

/// Numbers that leave their range end the run: before a checkpoint, the best weights, the saved ones or the summary are made of them.
extension Trainer {
  /// Ends the run where a tensor is not finite after `step` steps: weights, statistics or optimizer state.
  func requireFiniteState(at step: Int) throws(TrainError) {
    for (name, place) in state.places.sorted(by: { $0.key < $1.key }) {
      if let value = try place.firstNotFinite() { try requireFinite(name, Double(value), at: step) }
    }
  }

  /// Ends the run where a number found after `step` steps is not finite; `quantity` is the name of a loss or a tensor.
  func requireFinite(_ quantity: String, _ value: Double, at step: Int) throws(TrainError) {
    guard !value.isFinite else { return }
    let name = ["validation_loss": "the validation loss", "test_loss": "the test loss"][quantity] ?? "`\(quantity)`"
    throw try diverged(quantity, value, step: step, of: max(0, step - 1), "\(name) became \(value.words) after \(step) steps")
  }

  /// The error that ends a run whose training loss is not finite in step number `step`, counted from 0, with these examples.
  func divergedTraining(_ loss: Double, _ examples: [Int], at step: Int) throws(TrainError) -> TrainError {
    let weights = program.training.classWeights
    let isUnweighted =
      !weights.isEmpty
      && (try? data.training.labels(of: examples))?.allSatisfy { weights.indices.contains(Int($0)) && weights[Int($0)] == 0 } ?? false
    return try diverged(
      "train_loss", loss, step: step, of: step, "the loss became \(loss.words) at step \(step)",
      help: isUnweighted ? "a batch of nothing but classes of weight 0 has no mean; use a larger batch or small weights instead of 0" : nil)
  }

  /// Logs what left its range after `step` steps; `last` is the number of the step whose phase, epoch and rate are named.
  private func diverged(
    _ quantity: String, _ value: Double, step: Int, of last: Int, _ message: String, help: String? = nil
  ) throws(TrainError) -> TrainError {
    let (epoch, rate) = (last / max(1, feed.stepsPerEpoch), clock.value(at: last))
    try record(
      LogRecord(
        "diverged",
        [
          .init("epoch", .integer(epoch)), .init("step", .integer(step)), .init("phase", .integer(phase)), .init("rate", .number(rate)),
          .init("quantity", .text(quantity)), .init("value", .number(value)),
        ]))
    return TrainError(
      .diverged, "\(message) (epoch \(epoch), phase \(phase), learning rate \(LogValue.format(rate)))",
      help: help ?? "lower the rate, add `clip: 1.0`, or give the transition before it a `rewarm`")
  }

  /// The score on the validation split after `step` steps, whose loss must be finite; `nil` without one.
  func finiteValidation(at step: Int) throws(TrainError) -> Score? {
    let score = try validate()
    if let score { try requireFinite("validation_loss", score.loss, at: step) }
    return score
  }
}

extension Double {
  /// A number that is not finite, for people.
  fileprivate var words: String { isNaN ? "not a number" : LogValue.format(self) }
}
