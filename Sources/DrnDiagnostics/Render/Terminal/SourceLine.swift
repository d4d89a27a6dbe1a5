import DrnSource

/// One line of source as a terminal shows it: tabs expanded, control characters made visible, widths known.
struct SourceLine {
  struct Cell {
    let text: String
    /// Columns on the screen.
    let width: Int
    /// Where the character begins in the file.
    let offset: Int
  }

  let cells: [Cell]
  /// The byte offset after the last character.
  let end: Int
  /// Whether text stands before or after the cells that is never shown.
  let isCut: (before: Bool, after: Bool)

  /// A screen shows less of a line than this many bytes on either side of what is pointed at; more is not looked at, since a line may be as
  /// long as the file.
  private static let reach = 4096

  /// The line around a byte offset.
  init(_ source: SourceFile, line: Int, around focus: Int = 0) {
    let whole = source.lineRange(line)
    let focus = min(max(focus, whole.lowerBound), whole.upperBound)
    var start = max(whole.lowerBound, focus - Self.reach)
    // Not within a character.
    while start > whole.lowerBound, source.bytes[start] & 0xC0 == 0x80 { start -= 1 }
    let range = start..<min(whole.upperBound, focus + Self.reach)
    isCut = (range.lowerBound > whole.lowerBound, range.upperBound < whole.upperBound)
    var offset = range.lowerBound
    var cells: [Cell] = []
    while offset < range.upperBound {
      let scalar = scalar(source.bytes, at: offset, before: range.upperBound)
      cells.append(Cell(text: scalar.map(visible) ?? "\u{FFFD}", width: scalar.map(columns) ?? 1, offset: offset))
      offset += scalar.map(UTF8.width) ?? 1
    }
    self.cells = cells
    end = range.upperBound
  }

  /// The index of the character that holds a byte offset; the number of characters when it lies at or beyond the end.
  func index(at offset: Int) -> Int {
    var low = 0
    var high = cells.count
    while low < high {
      let middle = (low + high) / 2
      if cells[middle].offset < offset { low = middle + 1 } else { high = middle }
    }
    if low < cells.count, cells[low].offset > offset, low > 0 { return low - 1 }
    return low
  }

  func width(_ range: Range<Int>) -> Int { cells[range.clamped(to: 0..<cells.count)].reduce(0) { $0 + $1.width } }

  func text(_ range: Range<Int>) -> String { cells[range.clamped(to: 0..<cells.count)].map(\.text).joined() }

  /// The characters to show in `limit` columns so that the one at `focus` is seen; all of them when they fit.
  func window(around focus: Int, limit: Int) -> Range<Int> {
    guard width(0..<cells.count) > limit else { return 0..<cells.count }
    var start = min(focus, cells.count)
    var used = 0
    while start > 0, used + cells[start - 1].width <= limit / 3 {
      start -= 1
      used += cells[start].width
    }
    var end = start
    used = 0
    while end < cells.count, used + cells[end].width <= limit {
      used += cells[end].width
      end += 1
    }
    return start..<end
  }
}

/// The scalar whose UTF-8 form begins at a byte, or `nil` when none does.
private func scalar(_ bytes: [UInt8], at offset: Int, before end: Int) -> Unicode.Scalar? {
  let lead = bytes[offset]
  if lead < 0x80 { return Unicode.Scalar(lead) }
  let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
  guard offset + length <= end else { return nil }
  let text = String(validating: bytes[offset..<offset + length], as: UTF8.self)
  guard let scalars = text?.unicodeScalars, scalars.count == 1 else { return nil }
  return scalars.first
}

private func visible(_ scalar: Unicode.Scalar) -> String {
  if scalar == "\t" { return "  " }
  return scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? "\u{FFFD}" : String(scalar)
}

/// The columns a scalar takes: none for marks that combine, two for wide East Asian characters and emoji (after UAX #11).
private func columns(_ scalar: Unicode.Scalar) -> Int {
  if scalar.value < 0x7F { return scalar == "\t" ? 2 : 1 }
  switch scalar.properties.generalCategory {
  case .nonspacingMark, .enclosingMark, .format: return 0
  default: break
  }
  let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
    0x1F300...0x1FAFF, 0x20000...0x3FFFD,
  ]
  return wide.contains { $0.contains(scalar.value) } ? 2 : 1
}
