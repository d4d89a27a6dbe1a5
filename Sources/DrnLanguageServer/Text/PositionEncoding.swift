import DrnJSON

/// What a `character` of a position counts.
public enum PositionEncoding: String, Sendable, CaseIterable {
  case utf8 = "utf-8"
  case utf16 = "utf-16"
  case utf32 = "utf-32"

  /// The first of the client's choices; UTF-16 when it names none.
  static func negotiate(_ offered: JSON?) -> PositionEncoding {
    (offered?.items ?? []).lazy.compactMap { $0.text.flatMap(PositionEncoding.init) }.first ?? .utf16
  }

  /// How many units the scalar that begins with this UTF-8 byte takes; 0 for a byte inside a scalar.
  @inline(__always)
  func units(leading byte: UInt8) -> Int {
    switch self {
    case .utf8: 1
    case .utf16: byte & 0xC0 == 0x80 ? 0 : byte >= 0xF0 ? 2 : 1
    case .utf32: byte & 0xC0 == 0x80 ? 0 : 1
    }
  }
}

/// A place as the protocol writes it: both numbers start at 0.
public struct Position: Hashable, Sendable, Comparable {
  /// Counted from 0.
  public let line: Int
  /// Counted from 0, in the units that client and server agreed on.
  public let character: Int
  public init(line: Int, character: Int) {
    self.line = line
    self.character = character
  }
  public static func < (left: Position, right: Position) -> Bool { (left.line, left.character) < (right.line, right.character) }

  var json: JSON { ["line": .integer(line), "character": .integer(character)] }
}
