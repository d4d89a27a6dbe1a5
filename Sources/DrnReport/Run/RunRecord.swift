import DrnJSON

/// A run as its folder tells of it. Whatever the bytes are, reading them ends in this or in a fault.
public struct RunRecord: Sendable {
  /// The name of the folder.
  public let name: String
  /// One for each epoch that ended, in order.
  public let epochs: [EpochRecord]
  /// Changes of form, in order of time.
  public let transitions: [TransitionRecord]
  /// Ranks that an event or an update changed, in order of time.
  public let rankEvents: [RankEventRecord]
  /// Measurements of weights, in order of time.
  public let measurements: [MeasurementRecord]
  /// Records of other kinds, such as `restore` and `diverged`.
  public let others: [OtherRecord]
  /// What was amiss with the files, in sentences.
  public let notes: [String]
  /// The resolved settings.
  public let configuration: Configuration
  /// `summary.json` as an object; an empty one where the run has not come to its end.
  public let summary: JSON
  /// `model.json` as an object.
  public let model: JSON
  /// Wall-clock times by epoch.
  public let timing: [TimingRow]
  /// The source text.
  public let source: [UInt8]?
  /// Whether a process is training in the folder.
  public let isUnderWay: Bool
  /// Steps of one epoch; `nil` where nothing says so.
  public let stepsPerEpoch: Int?

  /// Reads the files of a folder. A log without a record is a fault, everything else that is missing a note.
  public init(_ files: RunFiles) throws(ReportFault) {
    var log = LogReader()
    log.read(files.log)
    guard log.count > 0 else { throw log.fault(isEmpty: files.log.isEmpty) }
    name = files.name
    (epochs, transitions, rankEvents) = (log.epochs, log.transitions, log.rankEvents)
    (measurements, others) = (log.measurements, log.others)
    configuration = Configuration(text: files.configuration ?? [])
    source = files.source
    isUnderWay = files.isUnderWay
    timing = TimingRow.rows(of: files.timing ?? [])
    var notes = log.notes
    summary = Self.object(files.summary, "summary.json", &notes)
    model = Self.object(files.model, "model.json", &notes)
    if files.configuration == nil { notes.append("The folder has no config.txt: layers, forms and phases are not known.") }
    if files.source == nil { notes.append("The folder has no source.drn: the program is not shown.") }
    self.notes = notes
    let derived = epochs.first.flatMap { $0.epoch >= 0 && $0.epoch < 1 << 31 ? $0.step / ($0.epoch + 1) : nil }
    stepsPerEpoch = [configuration.stepsPerEpoch, derived].compactMap { $0 }.first { $0 > 0 }
  }

  private static func object(_ bytes: [UInt8]?, _ name: String, _ notes: inout [String]) -> JSON {
    guard let bytes else { return .object([]) }
    guard let json = try? JSON(reading: bytes), json.isObject else {
      notes.append("\(name) is no object of JSON and was left out.")
      return .object([])
    }
    return json
  }

  /// A step as a number of epochs, or the step itself where the length of an epoch is not known.
  public func time(ofStep step: Int) -> Double { Double(step) / Double(stepsPerEpoch ?? 1) }

  /// The last step that is logged.
  public var lastStep: Int {
    [epochs.last?.step, transitions.last?.step, rankEvents.last?.step, measurements.last?.step].compactMap { $0 }.max() ?? 0
  }

  /// How the run stands, in a word.
  public var state: RunState {
    if others.contains(where: { $0.kind == "diverged" }) { return .diverged }
    if isUnderWay { return .running }
    guard case .object(let members) = summary, !members.isEmpty else { return .unfinished }
    return summary["interrupted"]?.text == "yes" ? .interrupted : .finished
  }

  /// A number of the summary; `nil` where it has none of that name.
  public func figure(_ name: String) -> Double? { summary.figure(name) }
}

/// How a run stands.
public enum RunState: String, Sendable, CaseIterable {
  case finished, running, interrupted, diverged, unfinished
}

/// The end of an epoch.
public struct EpochRecord: Sendable {
  /// From 0.
  public let epoch: Int
  /// Updates made so far.
  public let step: Int
  /// The phase of the last step.
  public let phase: Int?
  /// The rate of the last step.
  public let rate: Double?
  /// Mean loss over the epoch; may be no finite number.
  public let trainLoss: Double?
  /// Share of examples classified rightly while training on them.
  public let trainAccuracy: Double?
  /// On the validation split.
  public let validationLoss: Double?
  /// On the validation split.
  public let validationAccuracy: Double?
  /// Numbers being trained.
  public let trainableParameters: Int?
  /// Bytes of the arena, planned for one thread.
  public let arenaBytes: Int?
  /// Multiply-adds of a training step for one example.
  public let multiplyAdds: Int?
}

/// One weight came into another form.
public struct TransitionRecord: Sendable {
  public let step: Int
  /// The phase that begins.
  public let phase: Int?
  public let weight: String
  /// The word of the form before.
  public let from: String
  /// `nil` for a form without a rank.
  public let fromRank: Int?
  /// The word of the form after.
  public let to: String
  public let toRank: Int?
  /// In the Frobenius norm, relative to the weight.
  public let truncationError: Double?
  public let lossBefore: Double?
  public let lossAfter: Double?
  /// Singular values before the change, descending; empty where they were not logged.
  public let before: [Double]
  /// Singular values after the change, descending.
  public let after: [Double]
}

/// The rank of a weight changed within its form.
public struct RankEventRecord: Sendable {
  public let step: Int
  /// What changed it.
  public let event: String
  public let weight: String
  public let fromRank: Int?
  public let toRank: Int?
  public let truncationError: Double?
}

/// What was measured of a weight.
public struct MeasurementRecord: Sendable {
  public let step: Int
  public let weight: String
  /// `nil` for a form without a rank.
  public let rank: Int?
  public let effectiveRank: Double?
  public let stableRank: Double?
}

/// A record that is shown as text.
public struct OtherRecord: Sendable {
  public let kind: String
  public let step: Int?
  /// `name value` of every field.
  public let text: String
}

/// Wall-clock time of one epoch.
public struct TimingRow: Sendable {
  public let epoch: Int
  public let seconds: Double
  public let steps: Int
  /// As the cost model predicted for this machine; `nil` in runs that did not write it.
  public let predictedSeconds: Double?

  /// Rows of `timing.csv` that are whole; others are left out.
  static func rows(of bytes: [UInt8]) -> [TimingRow] {
    bytes.split(separator: 0x0A).compactMap { line in
      let cells = String(decoding: line, as: UTF8.self).split(separator: ",", omittingEmptySubsequences: false).map {
        $0.filter { !$0.isWhitespace }
      }
      guard cells.count >= 3, let epoch = Int(cells[0]), let seconds = Double(cells[1]), seconds.isFinite, seconds >= 0,
        let steps = Int(cells[2]), steps >= 0, steps < 1 << 40
      else { return nil }
      let predicted = cells.count > 4 ? Double(cells[4]).flatMap { $0.isFinite && $0 >= 0 ? $0 * Double(steps) / 1e3 : nil } : nil
      return TimingRow(epoch: epoch, seconds: seconds, steps: steps, predictedSeconds: predicted)
    }
  }
}

extension JSON {
  /// The value as a number; `nil` for any other value.
  var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    case .null, .boolean, .string, .array, .object: nil
    }
  }

  /// The number of a member, which may be named in words beside it: `"nan"` under `x_is` where `x` is `null`.
  func figure(_ name: String) -> Double? {
    if let value = self[name]?.double { return value }
    switch self[name + "_is"]?.text {
    case "nan": return .nan
    case "inf": return .infinity
    case "-inf": return -.infinity
    case _: return nil
    }
  }
}
