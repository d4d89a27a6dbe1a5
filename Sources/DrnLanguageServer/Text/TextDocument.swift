import DrnJSON

/// An open document: its text as the client has it.
public struct TextDocument: Sendable {
  /// The name by which the client refers to it.
  public let uri: String
  /// The number that the client gave the text; `nil` where it gave none.
  public private(set) var version: Int?
  /// UTF-8.
  public private(set) var bytes: [UInt8]
  /// Offsets and positions of this text.
  public private(set) var lines: LineTable
  private let encoding: PositionEncoding

  init(uri: String, version: Int?, text: String, encoding: PositionEncoding) {
    self.uri = uri
    self.version = version
    self.encoding = encoding
    bytes = Array(text.utf8)
    lines = LineTable(bytes, encoding: encoding)
  }

  /// One change of a `didChange`: a range and its new text, or the whole text.
  struct Change {
    let range: PositionRange?
    let text: String
  }

  /// Applies changes in their order, each to the text the one before left.
  mutating func apply(_ changes: [Change], version: Int?) {
    self.version = version
    for change in changes {
      if let range = change.range {
        let start = lines.offset(of: range.start)
        let end = lines.offset(of: range.end)
        bytes.replaceSubrange(min(start, end)..<max(start, end), with: change.text.utf8)
      } else {
        bytes = Array(change.text.utf8)
      }
      lines = LineTable(bytes, encoding: encoding)
    }
  }
}

/// Two positions.
public struct PositionRange: Hashable, Sendable {
  /// The first position inside.
  public let start: Position
  /// Exclusive.
  public let end: Position
  public init(start: Position, end: Position) {
    self.start = start
    self.end = end
  }
  var json: JSON { ["start": start.json, "end": end.json] }
}
