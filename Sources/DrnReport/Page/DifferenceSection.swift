/// Where the resolved settings of runs differ, line by line.
struct DifferenceSection {
  private let runs: [RunRecord]
  private let labels: [String]
  init(_ named: [(String, RunRecord)]) { (labels, runs) = (named.map(\.0), named.map(\.1)) }

  /// Rows that are shown.
  private static let most = 300

  var html: String {
    let all = runs.map { Self.settings($0.configuration) }
    var order: [String] = []
    var known: Set<String> = []
    for settings in all { for (key, _) in settings where known.insert(key).inserted { order.append(key) } }
    let tables = all.map { Dictionary($0, uniquingKeysWith: { first, _ in first }) }
    // Neighbours that differ in the same way, as the weights of one clause do, are one row.
    var groups: [(keys: [String], values: [String])] = []
    for key in order {
      let values = tables.map { $0[key] ?? "-" }
      guard Set(values).count > 1 else { continue }
      if groups.last?.values == values { groups[groups.count - 1].keys.append(key) } else { groups.append(([key], values)) }
    }
    let rows = groups.map { group in
      [group.keys.prefix(3).joined(separator: "; ") + (group.keys.count > 3 ? " and \(group.keys.count - 3) more" : "")]
        + group.values.map { Markup.short($0, 400) }
    }
    guard !rows.isEmpty else { return "<p class=\"note\">The resolved settings are the same.</p>" }
    let shown = DataTable(["setting"] + labels, Array(rows.prefix(Self.most)))
    return Markup.table(shown) + (rows.count > Self.most ? "<p class=\"note\">\(Self.most) of \(rows.count) rows.</p>" : "")
  }

  /// What a line sets, with its declaration before it, and to what.
  static func settings(_ configuration: Configuration) -> [(String, String)] {
    var section = ""
    var counts: [String: Int] = [:]
    return configuration.lines.map { line in
      let isTop = ["data ", "network ", "train "].contains { line.hasPrefix($0) } && !line.contains(": ")
      if isTop { section = line.firstWord }
      let key: String
      if isTop {
        key = section
      } else {
        key = "\(section).\(line.before(": ") ?? line)"
      }
      counts[key, default: 0] += 1
      let number = counts[key, default: 1]
      return (number > 1 ? "\(key) (\(number))" : key, isTop ? line.dropping(section + " ") : line.after(": ") ?? "set")
    }
  }
}
