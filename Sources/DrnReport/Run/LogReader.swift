import DrnJSON

/// Reads `log.jsonl` line by line; a line that is no record is counted and left out.
struct LogReader {
  private(set) var epochs: [EpochRecord] = []
  private(set) var transitions: [TransitionRecord] = []
  private(set) var rankEvents: [RankEventRecord] = []
  private(set) var measurements: [MeasurementRecord] = []
  private(set) var others: [OtherRecord] = []
  /// Records that were read.
  private(set) var count = 0
  private var damaged = 0
  private var isCut = false

  mutating func read(_ bytes: [UInt8]) {
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
      let line = Array(bytes[start..<end])
      if !line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }), !add(line) {
        if end == bytes.count { isCut = true } else { damaged += 1 }
      }
      start = end + 1
    }
  }

  var notes: [String] {
    (isCut ? ["The last line of log.jsonl is cut off and was left out."] : [])
      + (damaged > 0
        ? ["\(damaged) \(damaged == 1 ? "line" : "lines") of log.jsonl that \(damaged == 1 ? "is" : "are") no record were left out."] : [])
  }

  func fault(isEmpty: Bool) -> ReportFault {
    if isEmpty {
      return ReportFault("has a `log.jsonl` without a line: no epoch of the run has ended", help: "look again after its first epoch")
    }
    return ReportFault("has a `log.jsonl` in which no line is a record of a run")
  }

  private mutating func add(_ line: [UInt8]) -> Bool {
    guard let json = try? JSON(reading: line, maximumDepth: 20), let kind = json["kind"]?.text else { return false }
    guard let step = json["step"]?.whole ?? (kind == "summary" ? 0 : nil), step >= 0, step < 1 << 40 else {
      return addOther(json, kind, step: nil)
    }
    switch kind {
    case "epoch": addEpoch(json, step)
    case "transition":
      guard let weight = json["weight"]?.text else { return false }
      transitions.append(
        TransitionRecord(
          step: step, phase: json.count("phase"), weight: weight, from: json["from"]?.text ?? "?", fromRank: json.count("from_rank"),
          to: json["to"]?.text ?? "?", toRank: json.count("to_rank"), truncationError: json.figure("truncation_error"),
          lossBefore: json.figure("validation_loss_before"), lossAfter: json.figure("validation_loss_after"),
          before: json.figures("singular_values"), after: json.figures("singular_values_after")))
    case "rank_event":
      guard let weight = json["weight"]?.text else { return false }
      rankEvents.append(
        RankEventRecord(
          step: step, event: json["event"]?.text ?? "?", weight: weight, fromRank: json.count("from_rank"), toRank: json.count("to_rank"),
          truncationError: json.figure("truncation_error")))
    case "report":
      guard let weight = json["weight"]?.text else { return false }
      measurements.append(
        MeasurementRecord(
          step: step, weight: weight, rank: json.count("rank"), effectiveRank: json.figure("effective_rank"),
          stableRank: json.figure("stable_rank")))
    case _: return addOther(json, kind, step: step)
    }
    count += 1
    return true
  }

  private mutating func addEpoch(_ json: JSON, _ step: Int) {
    epochs.append(
      EpochRecord(
        epoch: json.count("epoch") ?? epochs.count, step: step, phase: json.count("phase"), rate: json.figure("rate"),
        trainLoss: json.figure("train_loss"), trainAccuracy: json.figure("train_accuracy"),
        validationLoss: json.figure("validation_loss"), validationAccuracy: json.figure("validation_accuracy"),
        trainableParameters: json.count("trainable_parameters"), arenaBytes: json.count("arena_bytes"),
        multiplyAdds: json.count("multiply_adds")))
  }

  private mutating func addOther(_ json: JSON, _ kind: String, step: Int?) -> Bool {
    guard case .object(let members) = json else { return false }
    count += 1
    let fields = members.filter { $0.name != "kind" && $0.name != "step" && !$0.value.isNull }.prefix(12).map { member in
      "\(member.name.map { $0 == "_" ? " " : String($0) }.joined()) \(String((member.value.text ?? member.value.encoded).prefix(200)))"
    }
    others.append(OtherRecord(kind: kind, step: step, text: fields.joined(separator: ", ")))
    return true
  }
}

extension JSON {
  /// A whole number of a member that is not negative and no larger than any count can be.
  fileprivate func count(_ name: String) -> Int? { self[name]?.whole.flatMap { (0..<1 << 53).contains($0) ? $0 : nil } }

  /// The finite numbers of a list.
  fileprivate func figures(_ name: String) -> [Double] { (self[name]?.items ?? []).compactMap(\.double) }
}
