import DrnSystem

/// The log of a run, written twice: every record as a line of `log.jsonl`, the epochs as rows of `log.csv`.
///
/// Both hold only what the source and seed determine; wall-clock times go to `timing.csv`, so that two runs give the same bytes.
final class RunLog {
  static let columns = [
    "epoch", "step", "phase", "rate", "train_loss", "train_accuracy", "validation_loss", "validation_accuracy", "trainable_parameters",
  ]
  private let lines: LineWriter
  private let table: LineWriter
  private let timing: LineWriter
  private(set) var records: [LogRecord] = []

  init(folder: RunFolder) throws(TrainError) {
    lines = try LineWriter(path: Path.join(folder.path, RunFolder.log))
    table = try LineWriter(path: Path.join(folder.path, RunFolder.table))
    timing = try LineWriter(path: Path.join(folder.path, RunFolder.timing))
    try table.write(Self.columns.joined(separator: ","))
    try timing.write("epoch,seconds,steps,milliseconds_per_step,predicted_milliseconds_per_step")
  }

  /// Goes on with the log of a run, cut to the lengths it had at a checkpoint.
  init(resuming folder: RunFolder, at lengths: [Int]) throws(TrainError) {
    guard lengths.count == 3 else {
      throw TrainError(.checkpointDamaged, "a checkpoint in `\(folder.path)` does not say how long its log was")
    }
    lines = try LineWriter(resuming: Path.join(folder.path, RunFolder.log), at: lengths[0])
    table = try LineWriter(resuming: Path.join(folder.path, RunFolder.table), at: lengths[1])
    timing = try LineWriter(resuming: Path.join(folder.path, RunFolder.timing), at: lengths[2])
  }

  /// The lengths of the three files in bytes.
  func lengths() throws(TrainError) -> [Int] { [try lines.length(), try table.length(), try timing.length()] }

  /// The three files.
  var paths: [String] { [lines.path, table.path, timing.path] }

  func append(_ record: LogRecord) throws(TrainError) {
    records.append(record)
    try lines.write(record.json)
    if record.kind == "epoch" {
      try table.write(Self.columns.map { record[$0]?.cell ?? "" }.joined(separator: ","))
    }
  }

  /// `predicted` is the time of a step at the end of the epoch by the cost model, in milliseconds.
  func appendTiming(epoch: Int, seconds: Double, steps: Int, predicted: Double) throws(TrainError) {
    let perStep = steps > 0 ? seconds * 1e3 / Double(steps) : 0
    try timing.write(
      "\(epoch),\(LogValue.format(seconds)),\(steps),\(LogValue.format(perStep)),\(LogValue.format(predicted))")
  }
}
