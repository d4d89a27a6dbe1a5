/// Translates between byte offsets and positions of one text. Lines end with `\n`, `\r\n` or a lone `\r`, as the protocol has it.
public struct LineTable: Sendable {
  private let bytes: [UInt8]
  private let starts: [Int]
  private let encoding: PositionEncoding

  /// Looks through the whole text once.
  public init(_ bytes: [UInt8], encoding: PositionEncoding) {
    self.bytes = bytes
    self.encoding = encoding
    var starts = [0]
    for (index, byte) in bytes.enumerated() {
      if byte == 0x0A || byte == 0x0D && (index + 1 == bytes.count || bytes[index + 1] != 0x0A) { starts.append(index + 1) }
    }
    self.starts = starts
  }

  /// At least 1: an empty text has one empty line.
  public var lineCount: Int { starts.count }

  /// The position of a byte offset, clamped to the text.
  public func position(at offset: Int) -> Position {
    let offset = min(max(0, offset), bytes.count)
    let line = lineIndex(at: offset)
    var character = 0
    for index in starts[line]..<offset { character += encoding.units(leading: bytes[index]) }
    return Position(line: line, character: character)
  }

  /// The position of an offset a little after one whose position is known.
  func position(at offset: Int, after known: Position, at start: Int) -> Position {
    let next = known.line + 1 < starts.count ? starts[known.line + 1] : bytes.count + 1
    guard start <= offset, offset < next, offset <= bytes.count else { return position(at: offset) }
    var character = known.character
    for index in start..<offset { character += encoding.units(leading: bytes[index]) }
    return Position(line: known.line, character: character)
  }

  /// The byte offset of a position. A character beyond the end of its line is the end of the line, a line beyond the end of the text its end;
  /// a place inside a scalar is the scalar's beginning.
  public func offset(of position: Position) -> Int {
    guard position.line >= 0 else { return 0 }
    guard position.line < starts.count else { return bytes.count }
    let end = contentEnd(position.line)
    var offset = starts[position.line]
    var left = position.character
    while offset < end, left > 0 {
      let units = encoding == .utf8 ? scalarLength(offset) : encoding.units(leading: bytes[offset])
      if units > left { break }
      left -= units
      offset += encoding == .utf8 ? units : scalarLength(offset)
    }
    return offset
  }

  /// The zero-based line that holds an offset.
  func lineIndex(at offset: Int) -> Int {
    var (low, high) = (0, starts.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if starts[middle] <= offset { low = middle } else { high = middle - 1 }
    }
    return low
  }

  func lineStart(_ line: Int) -> Int { starts[min(max(0, line), starts.count - 1)] }

  /// The end of a line without its line break.
  private func contentEnd(_ line: Int) -> Int {
    guard line + 1 < starts.count else { return bytes.count }
    let end = starts[line + 1] - 1
    return end > starts[line] && bytes[end] == 0x0A && bytes[end - 1] == 0x0D ? end - 1 : end
  }

  private func scalarLength(_ offset: Int) -> Int {
    var end = offset + 1
    while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
    return end - offset
  }
}
