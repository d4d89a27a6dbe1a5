/// The characters of texts, Unicode code points, numbered in their order from some number on.
public struct CharacterVocabulary: Equatable, Sendable {
  /// The characters, ascending.
  public let characters: [Unicode.Scalar]
  /// The number of the first: those below it stand for no character.
  public let first: Int32
  private let numbers: [Unicode.Scalar: Int32]

  /// The characters that occur.
  public init(of text: some Sequence<Unicode.Scalar>, from first: Int32 = 0) {
    characters = Set(text).sorted()
    self.first = first
    numbers = Dictionary(uniqueKeysWithValues: characters.enumerated().map { ($1, first + Int32(truncatingIfNeeded: $0)) })
  }

  /// What each token stands for, by number.
  public var names: [String] { [String](repeating: "", count: Int(first)) + characters.map { String(Character($0)) } }

  /// The token of a character; nil for one that does not occur.
  public subscript(character: Unicode.Scalar) -> Int32? { numbers[character] }

  /// The character of a token; nil for one that stands for none.
  public subscript(token: Int32) -> Unicode.Scalar? {
    let index = Int(token) - Int(first)
    return characters.indices.contains(index) ? characters[index] : nil
  }

  /// The characters of UTF-8 text; an error names the line of the first byte that is none.
  static func characters(of bytes: [UInt8], path: String) throws(DataError) -> [Unicode.Scalar] {
    try checkMemory(bytes.count * MemoryLayout<Unicode.Scalar>.size, path: path)
    do { return try characters(of: bytes) } catch {
      throw DataError(
        kind: .corrupt, path: path, message: "is no UTF-8 text", help: "bytes of any file are read by `text(\"...\", by: byte)`",
        line: error.line(in: bytes))
    }
  }

  /// The characters of UTF-8 text.
  static func characters(of bytes: [UInt8]) throws(TextFault) -> [Unicode.Scalar] {
    var characters: [Unicode.Scalar] = []
    characters.reserveCapacity(bytes.count)
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var offset = 0
    while true {
      switch decoder.decode(&iterator) {
      case .scalarValue(let character):
        characters.append(character)
        offset += UTF8.width(character)
      case .emptyInput: return characters
      case .error: throw TextFault(.notUTF8, offset: offset)
      }
    }
  }
}

/// What in a text has no tokens.
public struct TextFault: Error, Equatable, Sendable {
  /// What it is.
  public enum Kind: Equatable, Sendable {
    /// Bytes that are no character.
    case notUTF8
    /// A character, or a byte, that the vocabulary does not have.
    case unknown(String)
  }

  public let kind: Kind
  /// The byte of the text at which it stands.
  public let offset: Int

  init(_ kind: Kind, offset: Int) {
    self.kind = kind
    self.offset = offset
  }

  /// The line of the text, from 1.
  func line(in text: [UInt8]) -> Int { text.prefix(offset).reduce(1) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) } }
}
