/// The faults of a table, by kind: how many there are of each, and where the first ones are.
struct TableFaults {
  /// What is the matter with a field or a row.
  enum Kind: CaseIterable {
    case columns, quote, missing, decimalComma, number, range, label, level

    var dataKind: DataError.Kind {
      switch self {
      case .columns: .sizeMismatch
      case .quote, .missing, .decimalComma, .number, .range, .level: .corrupt
      case .label: .labelOutOfRange
      }
    }
  }

  private struct Group {
    let kind: Kind
    /// The first fault.
    let message: String
    let help: String?
    let line: Int
    let column: Int?
    let field: String?
    var count = 1
    /// The lines of the next ones.
    var further: [Int] = []
  }

  private static let furtherLines = 4
  /// In the order in which each first occurs.
  private var groups: [Group] = []

  var isEmpty: Bool { groups.isEmpty }

  /// The lines of the faults of a kind beyond the first are counted; `message` and `help` are those of the first.
  mutating func add(
    _ kind: Kind, line: Int, column: Int?, field: String? = nil, message: String, help: String? = nil
  ) {
    guard let index = groups.firstIndex(where: { $0.kind == kind }) else {
      return groups.append(Group(kind: kind, message: message, help: help, line: line, column: column, field: field))
    }
    groups[index].count += 1
    if groups[index].further.count < Self.furtherLines, groups[index].further.last ?? groups[index].line != line {
      groups[index].further.append(line)
    }
  }

  /// All of them as one error; nil where there are none. `labelHelp` replaces the help of a label.
  func error(path: String, labelHelp: String? = nil) -> DataError? {
    guard let first = groups.first else { return nil }
    var error = DataError(
      kind: first.kind.dataKind, path: path, message: Self.text(first), help: first.kind == .label ? labelHelp ?? first.help : first.help,
      line: first.line, column: first.column, field: first.field)
    error.others = groups.dropFirst().map { DataError.place($0.line, $0.column, $0.field) + Self.text($0) }
    return error
  }

  private static func text(_ group: Group) -> String {
    guard group.count > 1 else { return group.message }
    let lines = group.further.map(String.init).joined(separator: ", ")
    let next = group.further.isEmpty ? "" : group.further.count == 1 ? ", the next in line \(lines)" : ", the next in lines \(lines)"
    return group.message + " (\(group.count) of this kind\(next))"
  }
}
