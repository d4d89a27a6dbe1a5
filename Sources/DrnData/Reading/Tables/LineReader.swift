/// Hands out the lines of a text file one by one, in memory for one line and one chunk.
struct LineReader: ~Copyable {
  /// The number of the last line handed out, from 1.
  private(set) var lineNumber = 0
  private let file: DataFile
  private var chunk: [UInt8] = []
  private var position = 0
  private static let chunkCount = 1 << 20
  private static let longestLine = 1 << 23

  init(path: String) throws(DataError) { file = try DataFile(path: path) }

  var path: String { file.path }

  /// The next line without its end (LF or CRLF), or nil after the last; a byte order mark at the start is dropped.
  mutating func next() throws(DataError) -> [UInt8]? {
    var line: [UInt8] = []
    var hasText = false
    while true {
      if position == chunk.count {
        chunk = try file.readUp(to: Self.chunkCount)
        position = 0
        if chunk.isEmpty {
          try refuseOtherEnds(line)
          return hasText ? try finish(line) : nil
        }
      }
      hasText = true
      let end = chunk[position...].firstIndex(of: UInt8(ascii: "\n"))
      line += chunk[position..<(end ?? chunk.count)]
      position = end.map { $0 + 1 } ?? chunk.count
      guard line.count <= Self.longestLine else {
        try refuseOtherEnds(line)
        throw DataError(kind: .tooLarge, path: path, message: "is longer than \(Self.longestLine) bytes", line: lineNumber + 1)
      }
      if end != nil { return try finish(line) }
    }
  }

  /// The next line that is not blank.
  mutating func nextFilled() throws(DataError) -> [UInt8]? {
    while let line = try next() {
      if line.contains(where: { $0 != 0x20 && $0 != 0x09 }) { return line }
    }
    return nil
  }

  /// Where the first bytes are that are no UTF-8.
  private static func firstFault(_ line: [UInt8]) -> Int {
    var offset = 0
    for scalar in String(decoding: line, as: UTF8.self).unicodeScalars {
      // What stands for such bytes may stand in the file itself.
      if scalar == "\u{FFFD}", !line[offset...].starts(with: [0xEF, 0xBF, 0xBD]) { break }
      offset += UTF8.width(scalar)
    }
    return min(offset, line.count - 1)
  }

  /// Refuses, by its first line, text of 16 bits a character.
  private func refuseWideText(_ line: [UInt8]) throws(DataError) {
    let isMarked = line.starts(with: [0xFF, 0xFE]) || line.starts(with: [0xFE, 0xFF])
    // Of such text without a mark every other byte is 0.
    let start = line.prefix(1024)
    guard isMarked || start.count { $0 == 0 } > start.count / 4 else { return }
    throw DataError(
      kind: .corrupt, path: path, message: isMarked ? "is UTF-16, and tables are UTF-8" : "is no text: zero bytes stand in it",
      help: isMarked
        ? "save the table as UTF-8; `iconv -f UTF-16 -t UTF-8` converts it"
        : "where it is UTF-16, `iconv -f UTF-16LE -t UTF-8` converts it",
      line: 1, column: 1)
  }

  /// Refuses a text that is one line, however long, with CR within it: its lines end in CR alone.
  private func refuseOtherEnds(_ line: [UInt8]) throws(DataError) {
    guard lineNumber == 0, let end = line.dropLast().firstIndex(of: UInt8(ascii: "\r")) else { return }
    throw DataError(
      kind: .corrupt, path: path, message: "has lines that end in CR alone, and lines end in LF or CRLF",
      help: "`tr '\\r' '\\n'` converts the ends of its lines", line: 1, column: end + 1)
  }

  private mutating func finish(_ line: [UInt8]) throws(DataError) -> [UInt8] {
    lineNumber += 1
    var line = line
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    if lineNumber == 1 { try refuseWideText(line) }
    if lineNumber == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
    // Bytes that are replaced would make one level of a category of several.
    if line.contains(where: { $0 >= 0x80 }), String(validating: line, as: UTF8.self) == nil {
      let place = Self.firstFault(line)
      throw DataError(
        kind: .corrupt, path: path, message: "byte \(place + 1) of the line, \(line[place]), is no UTF-8",
        help: "convert the table to UTF-8, for example `iconv -f latin1 -t utf-8`", line: lineNumber)
    }
    return line
  }
}
