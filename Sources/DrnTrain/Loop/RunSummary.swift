import DrnData
import DrnProgram

/// The outcome of a run, also written as `summary.json`.
public struct RunSummary: Sendable {
  /// The run folder.
  public let folder: String
  /// Updates made, those before an interruption included.
  public let steps: Int
  /// Wall-clock seconds, without those before an interruption.
  public let seconds: Double
  /// The seconds spent in training steps, measured, and as the cost model predicted.
  public let stepSeconds: Double
  /// The seconds that the cost model predicted for those steps.
  public let predictedSeconds: Double
  /// Whether a signal ended the run; `--stop-after` does not count.
  public let isInterrupted: Bool
  /// Why the run ended, in words.
  public let ending: String
  /// Whether the folder holds the weights in their deployed form too, because it is another one.
  public let hasDeployedFile: Bool
  /// Whether the folder holds a checkpoint to go on from.
  public let hasCheckpoint: Bool
  /// Which weights were saved, and why.
  public let saved: SavedState
  /// The validation of the weights that were saved; `nil` without a validation split or when interrupted.
  public let validation: Score?
  /// The test split, read once, with the saved weights; `nil` without a test split or when interrupted.
  public let test: Score?
  /// The k of every top-k accuracy that is reported beside the plain one: a class counts as found among the k largest logits.
  public let topK: [Int]
  /// Trainable parameters averaged over the steps run, and of the all-dense network.
  public let averageTrainable: Double
  /// Trainable parameters of the all-dense network.
  public let denseTrainable: Int
  /// Trainable parameters of the last form.
  public let finalTrainable: Int
  /// Numbers a deployed copy of the network needs.
  public let deployedParameters: Int
  /// Multiply-adds per example, summed over the steps run.
  public let trainingOperations: Int
  /// Bytes of the largest arena, planned for one thread, so that they do not depend on the machine.
  public let peakArenaBytes: Int

  /// The summary as one line of JSON, without wall-clock times.
  public var json: String {
    var fields: [LogRecord.Field] = [
      .init("steps", .integer(steps)), .init("interrupted", .text(isInterrupted ? "yes" : "no")), .init("ended", .text(ending)),
      .init("average_trainable_parameters", .number(averageTrainable)), .init("dense_trainable_parameters", .integer(denseTrainable)),
      .init("final_trainable_parameters", .integer(finalTrainable)), .init("deployed_parameters", .integer(deployedParameters)),
      .init("training_operations", .integer(trainingOperations)), .init("peak_arena_bytes", .integer(peakArenaBytes)),
    ]
    fields += [.init("saved", .text(saved.text)), .init("saved_step", .integer(saved.step))]
    if let epoch = saved.bestEpoch { fields.append(.init("best_epoch", .integer(epoch))) }
    if let first = saved.competing?.lowerBound { fields.append(.init("first_competing_epoch", .integer(first))) }
    if let validation { fields += scoreFields(validation, prefix: "validation") }
    if let test {
      fields += scoreFields(test, prefix: "test")
      if let counts = test.classification, !counts.confusion.isEmpty {
        fields.append(.init("test_confusion", .numbers(counts.confusion.map(Double.init))))
      }
    }
    return LogRecord("summary", fields).json + "\n"
  }

  private func scoreFields(_ score: Score, prefix: String) -> [LogRecord.Field] {
    score.figures(topK: topK).map { LogRecord.Field($0, of: prefix) }
  }
}
