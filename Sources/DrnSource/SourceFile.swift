/// A position as editors show it: both numbers start at 1; `column` counts Unicode scalars.
public struct LineColumn: Hashable, Sendable {
  /// Counted from 1.
  public let line: Int
  /// Counted from 1, in Unicode scalars.
  public let column: Int
  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}

/// One source text with its table of line starts.
public struct SourceFile: Sendable {
  /// The handle that spans refer to it by.
  public let id: FileID
  /// The name shown in messages, as the user gave it.
  public let name: String
  /// The text as UTF-8 bytes; any bytes are allowed.
  public let bytes: [UInt8]
  /// The byte offset at which each line starts; the first is 0.
  public let lineStarts: [Int]

  /// Lines end at `\n`; a carriage return before it belongs to its line.
  public init(id: FileID, name: String, bytes: [UInt8]) {
    self.id = id
    self.name = name
    self.bytes = bytes
    var starts = [0]
    for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") { starts.append(offset + 1) }
    lineStarts = starts
  }

  /// The zero-based line that holds `offset`, clamped to the file. Logarithmic in the number of lines.
  public func lineIndex(at offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle - 1 }
    }
    return low
  }

  /// The bytes of a zero-based line without its line break.
  public func lineRange(_ line: Int) -> Range<Int> {
    let start = lineStarts[line]
    var end = line + 1 < lineStarts.count ? lineStarts[line + 1] - 1 : bytes.count
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return start..<max(start, end)
  }

  /// Line and column of a byte offset, clamped to the file.
  public func lineColumn(at offset: Int) -> LineColumn {
    let clamped = min(max(0, offset), bytes.count)
    let line = lineIndex(at: clamped)
    let scalars = bytes[lineStarts[line]..<clamped].reduce(into: 0) { count, byte in if byte & 0xC0 != 0x80 { count += 1 } }
    return LineColumn(line: line + 1, column: scalars + 1)
  }

  /// The text of a byte range, malformed UTF-8 repaired; out-of-range bounds are clamped.
  public func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range.clamped(to: 0..<bytes.count)], as: UTF8.self)
  }
}

/// All files of one compilation.
public struct SourceMap: Sendable {
  /// In the order of their addition; a `FileID` is an index into it.
  public private(set) var files: [SourceFile] = []
  public init() {}

  /// Adds a file and returns its handle.
  public mutating func add(name: String, bytes: [UInt8]) -> FileID {
    let id = FileID(files.count)
    files.append(SourceFile(id: id, name: name, bytes: bytes))
    return id
  }

  /// Adds a file given as text.
  public mutating func add(name: String, text: String) -> FileID { add(name: name, bytes: Array(text.utf8)) }

  /// The file behind a handle, or `nil` for a handle of another map.
  public subscript(id: FileID) -> SourceFile? {
    let index = Int(id.index)
    return files.indices.contains(index) ? files[index] : nil
  }

  /// The text a span covers; empty for an unknown file.
  public func text(_ span: Span) -> String { self[span.file]?.text(span.start..<span.end) ?? "" }
}
