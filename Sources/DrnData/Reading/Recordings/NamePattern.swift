/// A pattern of the names of files, with fields in braces: `{label}_{speaker}_{take}.wav`.
public struct NamePattern: Equatable, Sendable {
  private enum Part: Equatable {
    case text([UInt8])
    case field(String)
  }
  private let parts: [Part]

  /// The names of the fields, in order.
  public var fields: [String] { parts.compactMap { if case .field(let name) = $0 { name } else { nil } } }

  /// Reads a pattern; what is wrong with it is an error without a path.
  public init(_ pattern: String) throws(DataError) {
    var parts: [Part] = []
    var text: [UInt8] = []
    var rest = Array(pattern.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "{") else {
        guard byte != UInt8(ascii: "}") else { throw Self.fault("has a `}` without a `{` before it") }
        text.append(byte)
        continue
      }
      guard let close = rest.firstIndex(of: UInt8(ascii: "}")) else { throw Self.fault("has a `{` without a `}` behind it") }
      let name = String(decoding: rest[rest.startIndex..<close], as: UTF8.self)
      guard Self.isName(name) else { throw Self.fault("has a field `{\(shown(name))}`, which is no word") }
      if !text.isEmpty { parts.append(.text(text)) }
      if case .field(let before)? = parts.last { throw Self.fault("has nothing between `{\(before)}` and `{\(name)}`") }
      guard !parts.contains(.field(name)) else { throw Self.fault("has the field `{\(name)}` twice") }
      parts.append(.field(name))
      (text, rest) = ([], rest[(close + 1)...])
    }
    if !text.isEmpty { parts.append(.text(text)) }
    self.parts = parts
  }

  /// The value of each field in a name that fits; nil for one that does not. Each field but the last is the shortest that fits, of at least a
  /// byte.
  public func match(_ name: String) -> [String: String]? {
    var rest = Array(name.utf8)[...]
    var values: [String: String] = [:]
    for (index, part) in parts.enumerated() {
      switch part {
      case .text(let text):
        guard rest.starts(with: text) else { return nil }
        rest = rest.dropFirst(text.count)
      case .field(let field):
        guard let length = Self.length(in: rest, behind: parts[(index + 1)...]) else { return nil }
        guard let value = String(validating: rest.prefix(length), as: UTF8.self) else { return nil }
        values[field] = value
        rest = rest.dropFirst(length)
      }
    }
    return rest.isEmpty ? values : nil
  }

  /// The bytes of a field with these parts after it.
  private static func length(in rest: ArraySlice<UInt8>, behind parts: ArraySlice<Part>) -> Int? {
    guard case .text(let text)? = parts.first else { return rest.isEmpty ? nil : rest.count }
    // The last field goes up to the end of the pattern.
    if parts.count == 1 { return rest.count > text.count ? rest.count - text.count : nil }
    guard rest.count > text.count else { return nil }
    return (1...rest.count - text.count).first { rest.dropFirst($0).starts(with: text) }
  }

  private static func isName(_ text: String) -> Bool {
    let letters = text.utf8.allSatisfy { ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x5F }
    return letters && text.utf8.first.map { $0 >= 0x41 } == true
  }

  private static func fault(_ message: String) -> DataError { DataError(kind: .options, path: "", message: message) }
}
