/// Identifies one file within a `SourceMap`.
public struct FileID: Hashable, Sendable, Comparable {
  /// The position in `SourceMap.files`.
  public let index: Int32
  /// A number beyond 32 bits becomes the nearest one within.
  public init(_ index: Int) { self.index = Int32(clamping: index) }
  public static func < (left: FileID, right: FileID) -> Bool { left.index < right.index }
}

/// A half-open range of UTF-8 bytes in one file.
public struct Span: Hashable, Sendable {
  /// The file whose bytes are counted.
  public let file: FileID
  /// The offset of the first byte.
  public let start: Int
  /// The offset after the last byte; never before `start`.
  public let end: Int

  /// A range that would end before it starts is empty at its start.
  public init(file: FileID, start: Int, end: Int) {
    self.file = file
    self.start = start
    self.end = max(start, end)
  }

  /// The number of bytes covered.
  public var length: Int { end - start }

  /// The smallest span that covers both; `other` is ignored when it lies in a different file.
  public func union(_ other: Span) -> Span {
    guard other.file == file else { return self }
    return Span(file: file, start: min(start, other.start), end: max(end, other.end))
  }
}
