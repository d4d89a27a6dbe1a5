/// What stands between the fields of a table.
enum CSVSeparator {
  private static let known: [(byte: UInt8, name: String)] = [
    (UInt8(ascii: ","), "commas"), (UInt8(ascii: ";"), "semicolons"), (UInt8(ascii: "\t"), "tabs"),
  ]

  /// The separator of a first row: the one of comma, semicolon and tab that occurs in it outside quotes. Throws where several do; a comma
  /// where none does.
  static func find(in line: [UInt8], path: String, line number: Int) throws(DataError) -> UInt8 {
    var isQuoted = false
    var found: Set<UInt8> = []
    for byte in line {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() } else if !isQuoted { found.insert(byte) }
    }
    let candidates = known.filter { found.contains($0.byte) }
    guard candidates.count > 1 else { return candidates.first?.byte ?? UInt8(ascii: ",") }
    throw DataError(
      kind: .options, path: path,
      message: "the first row has \(candidates.map(\.name).joined(separator: " and ")), and one of them stands between fields",
      help: "say which: `separator: \",\"`, `separator: \";\"` or `separator: \"tab\"`", line: number)
  }
}
