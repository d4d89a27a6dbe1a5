import DrnData

/// Between text and tokens, by the vocabulary that a run keeps.
public protocol TextCoder: Sendable {
  /// How many tokens there are.
  var count: Int { get }
  /// The tokens of a text; throws where it has something that no token stands for.
  func tokens(_ text: String) throws(ContinuationError) -> [Int32]
  /// The bytes of UTF-8 that a token stands for.
  func bytes(of token: Int) -> [UInt8]
}

extension TokenVocabulary: TextCoder {
  public func tokens(_ text: String) throws(ContinuationError) -> [Int32] {
    do { return try encode(Array(text.utf8)) } catch {
      let what = if case .unknown(let symbol) = error.kind { "`\(symbol)`" } else { "what is no UTF-8" }
      throw ContinuationError(
        .prompt, "the network's vocabulary has no token for \(what), byte \(error.offset + 1) of the prompt", help: nil)
    }
  }

  public func bytes(of token: Int) -> [UInt8] { Int32(exactly: token).map { decode([$0]) } ?? [] }
}

/// A token for each character or each byte, as `text(...)` reads them.
public struct TextVocabulary: TextCoder {
  private let texts: [[UInt8]]
  private let numbers: [Unicode.Scalar: Int32]
  private let isOfBytes: Bool
  public var count: Int { texts.count }

  /// `nil` where there are none, or they are neither single characters nor the 256 bytes.
  public init?(_ entries: [String]) {
    guard !entries.isEmpty else { return nil }
    isOfBytes = entries == Self.bytes
    texts = isOfBytes ? (0..<256).map { [UInt8($0)] } : entries.map { Array($0.utf8) }
    var numbers: [Unicode.Scalar: Int32] = [:]
    for (number, entry) in entries.enumerated() where !isOfBytes {
      guard entry.unicodeScalars.count == 1, let scalar = entry.unicodeScalars.first else { return nil }
      numbers[scalar] = Int32(clamping: number)
    }
    self.numbers = numbers
  }

  private static let bytes = (0..<256).map { "0x" + String($0 + 0x100, radix: 16).dropFirst() }

  public func tokens(_ text: String) throws(ContinuationError) -> [Int32] {
    if isOfBytes { return text.utf8.map { Int32($0) } }
    var tokens: [Int32] = []
    for (index, scalar) in text.unicodeScalars.enumerated() {
      guard let number = numbers[scalar] else {
        throw ContinuationError(
          .prompt, "the network does not know \(Self.name(scalar)), character \(index + 1) of the prompt",
          help: "its text had the characters \(shown)")
      }
      tokens.append(number)
    }
    return tokens
  }

  public func bytes(of token: Int) -> [UInt8] { texts.indices.contains(token) ? texts[token] : [] }

  /// Those that can be shown, in order, and at most so many.
  private var shown: String {
    let visible = numbers.keys.sorted().filter { $0.properties.isGraphemeBase && $0 != " " }
    let text = visible.prefix(200).map { String(Character($0)) }.joined()
    return visible.count > 200 ? text + " and others" : text
  }

  private static func name(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    let code = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    return scalar.properties.isGraphemeBase ? "`\(Character(scalar))` (\(code))" : code
  }
}
