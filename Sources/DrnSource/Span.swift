/// Identifies one file within a `SourceMap`.
public struct FileID: Hashable, Sendable, Comparable {
  public let index: Int32
  public init(_ index: Int) { self.index = Int32(clamping: index) }
  public static func < (left: FileID, right: FileID) -> Bool { left.index < right.index }
}

/// A half-open range of UTF-8 bytes in one file.
public struct Span: Hashable, Sendable {
  public let file: FileID
  public let start: Int
  public let end: Int

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
