import DrnJSON

/// Runs beside each other in a terminal.
public struct RunTable: Sendable {
  /// What runs may be sorted by.
  public enum Order: String, Sendable, CaseIterable {
    case name, accuracy, loss, parameters, epochs, time
  }
  private let runs: [RunRecord]

  /// The runs in that order, the best first; what has no such figure comes last, and equal runs are in the order of their names.
  public init(_ runs: [RunRecord], order: Order) {
    func key(_ run: RunRecord) -> Double {
      switch order {
      case .name: 0
      case .accuracy: run.accuracy.map { -$0 } ?? .infinity
      case .loss: run.lastLoss.flatMap { $0.isNaN ? nil : $0 } ?? .infinity
      case .parameters: run.parameters.map(Double.init) ?? .infinity
      case .epochs: -Double(run.epochs.count)
      case .time: run.seconds
      }
    }
    self.runs = runs.map { ($0, key($0)) }.sorted { ($0.1, $0.0.name) < ($1.1, $1.0.name) }.map(\.0)
  }

  /// A column: what it is called, how much it is missed where there is little room, and a cell for a run.
  private struct Column {
    let title: String
    /// Columns with the greatest number go first.
    let rank: Int
    var isText = false
    let cell: (RunRecord) -> String
  }

  /// The table in at most `width` columns: those that matter least are left out, then names are cut.
  public func text(width: Int, isUnicode: Bool) -> String {
    let spark = isUnicode ? Sparkline.blocks : Sparkline.plain
    func column(_ title: String, _ rank: Int, isText: Bool = false, _ cell: @escaping (RunRecord) -> String) -> Column {
      Column(title: title, rank: rank, isText: isText, cell: { Self.plain(cell($0)) })
    }
    let all: [Column] = [
      column("run", 0, isText: true) { $0.name }, column("state", 5, isText: true) { $0.state.rawValue },
      column("epochs", 6) { "\($0.epochs.count)" },
      column("loss over time", 3, isText: true) { Sparkline(spark, $0.lossOverTime, width: 16).text },
      column("loss", 1) { NumberText.short($0.lastLoss) },
      column("accuracy", 2) { NumberText.percent($0.accuracy) },
      column("test", 4) { NumberText.percent($0.figure("test_accuracy")) },
      column("parameters", 7) { $0.parameters.map { NumberText.compact(Double($0)) } ?? "" },
      column("ranks over time", 8, isText: true) { Sparkline(spark, $0.rankOverTime, width: 16).text },
      column("time", 9) { $0.seconds > 0 ? NumberText.seconds($0.seconds) : "" },
    ]
    var cells = all.map { column in [column.title] + runs.map(column.cell) }
    var shown = all.indices.filter { place in cells[place].dropFirst().contains { !$0.isEmpty } }
    // Names may be cut to this before a column is left out.
    let longest = cells[0].map(\.count).max() ?? 0
    let least = min(longest, 24)
    func total(_ places: [Int], _ name: Int) -> Int {
      places.reduce(-2) { $0 + 2 + ($1 == 0 ? name : cells[$1].map(\.count).max() ?? 0) }
    }
    while shown.count > 2, total(shown, least) > width, let last = shown.max(by: { all[$0].rank < all[$1].rank }) {
      shown.removeAll { $0 == last }
    }
    let room = max(8, min(longest, width - total(shown, 0)))
    cells[0] = cells[0].map { name in
      guard name.count > room else { return name }
      return isUnicode ? Markup.middle(name, room) : String(name.prefix(room - 2)) + ".."
    }
    let widths = cells.map { $0.map(\.count).max() ?? 0 }
    return (0...runs.count).map { row in
      let line = shown.map { place in
        let space = String(repeating: " ", count: widths[place] - cells[place][row].count)
        return all[place].isText ? cells[place][row] + space : space + cells[place][row]
      }.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }.joined(separator: "\n") + "\n"
  }

  /// Names of files may hold anything; what moves the cursor does not reach the terminal.
  private static func plain(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || (0x202A...0x202E).contains(scalar.value)
            ? "?" : scalar == "\u{202F}" ? " " : scalar
        }))
  }

  /// One object for each run.
  public var json: JSON {
    .array(
      runs.map { run in
        JSON.make([
          "run": .string(run.name), "state": .string(run.state.rawValue), "network": .string(run.configuration.network),
          "data": .string(run.configuration.data), "epochs": .integer(run.epochs.count), "steps": .integer(run.lastStep),
          "loss": run.lastLoss.map(JSON.number), "accuracy": run.accuracy.map(JSON.number),
          "test_loss": run.figure("test_loss").map(JSON.number), "test_accuracy": run.figure("test_accuracy").map(JSON.number),
          "trainable_parameters": run.parameters.map(JSON.integer), "seconds": .number(run.seconds),
          "losses": .array(run.lossOverTime.map(JSON.number)), "mean_rank_shares": .array(run.rankOverTime.map(JSON.number)),
        ])
      })
  }
}

extension RunRecord {
  /// On validation, of the weights that were saved, or of the last epoch.
  fileprivate var accuracy: Double? { figure("validation_accuracy") ?? epochs.last?.validationAccuracy ?? epochs.last?.trainAccuracy }
  /// The last loss on validation, or of training where there is none.
  fileprivate var lastLoss: Double? { figure("validation_loss") ?? epochs.last?.validationLoss ?? epochs.last?.trainLoss }
  fileprivate var parameters: Int? { epochs.last?.trainableParameters }
  fileprivate var seconds: Double { timing.reduce(0) { $0 + $1.seconds } }
  fileprivate var lossOverTime: [Double] { epochs.compactMap { $0.validationLoss ?? $0.trainLoss } }

  /// At the end of each epoch, the mean over the weights with a rank at any time of rank over short side, 1 where there is none then.
  fileprivate var rankOverTime: [Double] {
    let rows = RankHistory(self).rows.filter { row in row.shortSide != nil && row.ranks.contains { $0.rank != nil } }.prefix(1000)
    guard !rows.isEmpty else { return [] }
    return epochs.map { epoch in
      rows.reduce(0) { sum, row in sum + (row.rank(at: epoch.step - 1).map { Double($0) / Double(row.shortSide ?? 1) } ?? 1) }
        / Double(rows.count)
    }
  }
}

/// Values over time in one line of characters.
struct Sparkline {
  static let blocks: [Character] = Array("▁▂▃▄▅▆▇█")
  static let plain: [Character] = Array("_.-=+*#@")
  let text: String

  /// At most `width` characters, each the mean of neighbours; `!` for what is no finite number.
  init(_ characters: [Character], _ values: [Double], width: Int) {
    let count = min(width, values.count)
    let means = (0..<count).map { place -> Double in
      let group = values[place * values.count / count..<(place + 1) * values.count / count]
      return group.reduce(0, +) / Double(group.count)
    }
    let known = means.filter(\.isFinite)
    let (low, high) = (known.min() ?? 0, known.max() ?? 0)
    text = String(
      means.map { value -> Character in
        guard value.isFinite else { return "!" }
        let share = high > low ? (value - low) / (high - low) : 0.5
        return characters[NumberText.part(share, of: characters.count)]
      })
  }
}
