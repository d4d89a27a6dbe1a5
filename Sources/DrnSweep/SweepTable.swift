import DrnJSON
import Foundation

/// How one run of a sweep ended.
public struct SweepRun: Sendable {
  /// What became of it.
  public enum State: Hashable, Sendable {
    case finished
    /// By successive halving, after so many epochs.
    case stopped(epoch: Int)
    /// Why, in a sentence without a stop.
    case failed(String)
  }
  public let seed: UInt64
  /// Below the folder of the sweep.
  public let folder: String
  public let state: State
  /// Numbers by the names of `SweepTable.measures`.
  public let figures: [String: Double]
  public init(seed: UInt64, folder: String, state: State, figures: [String: Double]) {
    (self.seed, self.folder, self.state, self.figures) = (seed, folder, state, figures)
  }
}

/// What came out of a sweep, without times of the clock: the same for the same runs, whenever and however often they were interrupted.
public struct SweepTable: Sendable {
  /// A column of figures.
  private struct Measure: Sendable {
    let name: String
    let title: String
    let cell: @Sendable (Double) -> String
    /// `nil` where none is better than another.
    var isHighBest: Bool?
  }
  private static let measures: [Measure] = [
    Measure(name: "validation_accuracy", title: "validation accuracy", cell: percent, isHighBest: true),
    Measure(name: "validation_loss", title: "validation loss", cell: loss, isHighBest: false),
    Measure(name: "test_accuracy", title: "test accuracy", cell: percent), Measure(name: "test_loss", title: "test loss", cell: loss),
    Measure(name: "train_loss", title: "training loss", cell: loss, isHighBest: false),
    Measure(name: "average_trainable_parameters", title: "trained on average", cell: count),
    Measure(name: "deployed_parameters", title: "deployed", cell: count),
    Measure(name: "training_operations", title: "multiply-adds", cell: count),
  ]
  /// What a run is asked for.
  public static var figures: [String] { measures.map(\.name) }

  private let axes: [SweepAxis]
  private let rows: [(setting: SweepSetting, runs: [SweepRun])]
  private let decisions: [Halving.Decision]

  /// The runs of every setting in the order of the seeds.
  public init(_ axes: [SweepAxis], _ rows: [(setting: SweepSetting, runs: [SweepRun])], decisions: [Halving.Decision]) {
    (self.axes, self.rows, self.decisions) = (axes, rows, decisions)
  }

  @Sendable private static func percent(_ value: Double) -> String { String(format: "%.2f %%", value * 100) }
  @Sendable private static func loss(_ value: Double) -> String { String(format: "%.4f", value) }
  @Sendable private static func count(_ value: Double) -> String { String(format: value < 1e6 ? "%.0f" : "%.3e", value) }

  /// Mean and range over the runs that have the figure and did not fail; `nil` where none has.
  private func spread(_ runs: [SweepRun], _ name: String) -> (mean: Double, least: Double, most: Double)? {
    let values = runs.compactMap { run -> Double? in
      if case .failed = run.state { return nil }
      return run.figures[name].flatMap { $0.isFinite ? $0 : nil }
    }
    guard let least = values.min(), let most = values.max() else { return nil }
    // The mean of equal numbers is that number, whatever rounding would make of their sum.
    return (least == most ? least : values.reduce(0, +) / Double(values.count), least, most)
  }

  private static func failures(_ runs: [SweepRun]) -> Int { runs.count { if case .failed = $0.state { true } else { false } } }

  /// How the runs of a setting stand, in words.
  private static func state(_ runs: [SweepRun]) -> String {
    let failed = failures(runs)
    if failed > 0 { return "\(failed) of \(runs.count) failed" }
    let stops = runs.compactMap { if case .stopped(let epoch) = $0.state { epoch } else { nil } }
    return stops.first.map { "stopped after \($0) epoch\($0 == 1 ? "" : "s")" } ?? "finished"
  }

  private var varied: [SweepAxis] { axes.filter { $0.values.count > 1 } }
  private static func value(_ setting: SweepSetting, _ key: String) -> String? { setting.values.first { $0.key == key }?.text }

  /// Titles and rows; columns of figures that no run has are left out.
  private var cells: [[String]] {
    let varied = varied
    let measures = Self.measures.filter { measure in
      rows.contains { spread($0.runs, measure.name) != nil }
        && (measure.name != "train_loss" || !rows.contains { spread($0.runs, "validation_loss") != nil })
    }
    let names = varied.isEmpty ? ["setting"] : varied.map(\.key)
    return [names + ["runs"] + measures.map(\.title) + ["state"]]
      + rows.map { row in
        let values = varied.isEmpty ? [row.setting.text] : varied.map { Self.value(row.setting, $0.key) ?? "" }
        return values.map(Self.plain) + ["\(row.runs.count)"]
          + measures.map { measure in
            guard let (mean, least, most) = spread(row.runs, measure.name) else { return "" }
            return measure.cell(mean) + (least == most ? "" : " (\(measure.cell(least)) .. \(measure.cell(most)))")
          } + [Self.state(row.runs)]
      }
  }

  /// Sentences below the table: what is set everywhere, the best setting, the decisions of halving, every failure.
  private var remarks: [String] {
    var remarks: [String] = []
    let constant = axes.filter { $0.values.count == 1 }.map { "\($0.key)=\($0.values[0])" }
    if !varied.isEmpty, !constant.isEmpty { remarks.append("In every run: \(Self.plain(constant.joined(separator: ", "))).") }
    if rows.count > 1, let best { remarks.append("Best by \(best.title): \(Self.plain(rows[best.row].setting.text)).") }
    for decision in decisions {
      let stopped = decision.stopped.map { Self.plain(rows[$0].setting.text) }
      remarks.append(
        "After \(decision.epoch) epoch\(decision.epoch == 1 ? "" : "s") \(decision.kept.count) of \(decision.kept.count + stopped.count) settings went on, by \(decision.measure.rawValue)"
          + (stopped.isEmpty ? "." : "; stopped: " + stopped.joined(separator: "; ") + "."))
    }
    for row in rows {
      for run in row.runs {
        if case .failed(let reason) = run.state {
          remarks.append("Failed: \(Self.plain(row.setting.text)), seed \(run.seed): \(Self.plain(reason)).")
        }
      }
    }
    return remarks
  }

  /// Among the settings that were run to their end without a failure.
  private var best: (row: Int, title: String)? {
    let whole = rows.indices.filter { row in rows[row].runs.allSatisfy { $0.state == .finished } }
    for measure in Self.measures {
      guard let isHighBest = measure.isHighBest else { continue }
      let means = whole.compactMap { row in spread(rows[row].runs, measure.name).map { (row, $0.mean) } }
      guard let best = means.min(by: { isHighBest ? $0.1 > $1.1 : $0.1 < $1.1 }) else { continue }
      return (best.0, measure.title)
    }
    return nil
  }

  /// What moves the cursor reaches neither terminal nor page.
  private static func plain(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) || (0x202A...0x202E).contains($0.value) ? "?" : $0 }))
  }

  /// For a terminal.
  public var text: String {
    let cells = cells
    let widths = cells[0].indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    let lines = cells.map { row in
      let line = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
    return (lines + remarks).joined(separator: "\n") + "\n"
  }

  /// As Markdown.
  public var markdown: String {
    func line(_ cells: [String]) -> String {
      "| " + cells.map { $0.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|") }.joined(separator: " | ")
        + " |"
    }
    let cells = cells
    let table = [line(cells[0]), line(cells[0].map { _ in "---" })] + cells.dropFirst().map(line)
    return (table + (remarks.isEmpty ? [] : [""]) + remarks.map { "- \($0)" }).joined(separator: "\n") + "\n"
  }

  /// As JSON: settings with their runs, and the decisions of halving by the places of the settings.
  public var json: JSON {
    func number(_ value: Double) -> JSON { .number(value) }
    let settings = rows.map { row -> JSON in
      let figures = Self.measures.compactMap { measure in
        spread(row.runs, measure.name).map { spread in
          (measure.name, JSON.fields([("mean", number(spread.mean)), ("least", number(spread.least)), ("most", number(spread.most))]))
        }
      }
      return .fields(
        [
          ("set", .fields(row.setting.values.map { ($0.key, .string($0.text)) })), ("state", .string(Self.state(row.runs))),
          ("failed", .integer(Self.failures(row.runs))),
        ] + figures + [("runs", .array(row.runs.map(Self.json)))])
    }
    let decided = decisions.map { decision in
      JSON.fields([
        ("epochs", .integer(decision.epoch)), ("by", .string(decision.measure.rawValue)),
        ("kept", .array(decision.kept.map { .integer($0) })), ("stopped", .array(decision.stopped.map { .integer($0) })),
      ])
    }
    return .make(["format": 1, "settings": .array(settings), "halving": decided.isEmpty ? nil : .array(decided)])
  }

  private static func json(_ run: SweepRun) -> JSON {
    var fields: [(String, JSON)] = [("folder", .string(run.folder)), ("seed", .string(String(run.seed)))]
    switch run.state {
    case .finished: fields.append(("state", "finished"))
    case .stopped(let epoch): fields += [("state", "stopped"), ("epochs", .integer(epoch))]
    case .failed(let reason): fields += [("state", "failed"), ("reason", .string(reason))]
    }
    return .fields(fields + measures.compactMap { measure in run.figures[measure.name].map { (measure.name, .number($0)) } })
  }
}
