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
    lines = try LineWriter(path: folder.path + "/log.jsonl")
    table = try LineWriter(path: folder.path + "/log.csv")
    timing = try LineWriter(path: folder.path + "/timing.csv")
    try table.write(Self.columns.joined(separator: ","))
    try timing.write("epoch,seconds,steps,milliseconds_per_step")
  }

  func append(_ record: LogRecord) throws(TrainError) {
    records.append(record)
    try lines.write(record.json)
    if record.kind == "epoch" {
      try table.write(Self.columns.map { record[$0]?.json ?? "" }.joined(separator: ","))
    }
  }

  func appendTiming(epoch: Int, seconds: Double, steps: Int) throws(TrainError) {
    let perStep = steps > 0 ? seconds * 1e3 / Double(steps) : 0
    try timing.write("\(epoch),\(LogValue.format(seconds)),\(steps),\(LogValue.format(perStep))")
  }
}
