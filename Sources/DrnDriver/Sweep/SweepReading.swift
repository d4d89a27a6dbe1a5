import DrnJSON
import DrnReport
import DrnSweep
import DrnSystem
import DrnTrain

/// What the folder of a run says of it.
struct SweepReading {
  private let record: RunRecord?
  private let outcome: RunOutcome

  init(_ path: String) {
    record = try? RunReader.read(path).get()
    outcome = RunOutcome.read(from: path)
  }

  /// Why the run cannot go on: its numbers left their range, and would again.
  var divergence: String? {
    guard let found = record?.others.first(where: { $0.kind == "diverged" }) else { return nil }
    return "diverged" + (found.step.map { " after \($0) steps" } ?? "")
  }

  /// Whether there is nothing left to do up to an epoch, or up to its end.
  func isDone(until epoch: Int?) -> Bool {
    if divergence != nil { return true }
    if case .over = outcome { return true }
    guard let steps, let epoch, let end = end(of: epoch) else { return false }
    return end.step <= steps
  }

  /// Those of a run that was stopped before its end.
  private var steps: Int? {
    switch outcome {
    case .stopped(let steps), .interrupted(let steps): steps
    case .over, .unfinished: nil
    }
  }

  private func end(of epoch: Int) -> EpochRecord? { record?.epochs.first { $0.epoch == epoch - 1 } }

  /// How it stood after so many epochs, or at its end where that came before.
  func score(after epoch: Int) -> SweepScore? {
    guard divergence == nil, let end = end(of: epoch) ?? (isDone(until: nil) ? record?.epochs.last : nil) else { return nil }
    return SweepScore(accuracy: end.validationAccuracy, loss: end.validationLoss, trainLoss: end.trainLoss)
  }

  /// What the table shows of a run that came to its end.
  var figures: [String: Double] {
    guard let record else { return [:] }
    var figures: [String: Double] = [:]
    for name in SweepTable.figures { figures[name] = record.figure(name) }
    figures["train_loss"] = record.epochs.last?.trainLoss
    return figures
  }

  /// What the table shows of a run that was stopped after so many epochs: nothing of the test, which decides nothing.
  func figures(after epoch: Int) -> [String: Double] {
    guard let end = end(of: epoch) else { return [:] }
    var figures: [String: Double] = [:]
    figures["validation_accuracy"] = end.validationAccuracy
    figures["validation_loss"] = end.validationLoss
    figures["train_loss"] = end.trainLoss
    // Those of the whole so far are in the summary of the stop.
    if steps == end.step {
      for name in ["average_trainable_parameters", "deployed_parameters", "training_operations"] { figures[name] = record?.figure(name) }
    }
    return figures
  }

  /// The last error of a run among what it wrote.
  static func failure(_ path: String) -> String? {
    let bytes = (try? Files.read(Path.join(path, SweepPlan.messages), atMost: 1 << 24)).flatMap { $0 } ?? []
    let errors = bytes.split(separator: 0x0A).compactMap { try? JSON(reading: Array($0)) }.filter { $0["severity"]?.text == "error" }
    guard let error = errors.last, let code = error["code"]?.text, let message = error["message"]?.text else { return nil }
    return "\(code): \(message)"
  }
}
