import DrnNumbers

/// Reads a text as one row of tokens: its characters, numbered in the order of their code points, its bytes, or byte pairs of a vocabulary.
///
/// The characters are those that occur anywhere in the file, the test part included, so that both parts number them alike.
public struct TextReader: Sendable {
  /// What a token stands for.
  public enum Unit: Equatable, Sendable {
    /// A Unicode code point of UTF-8 text.
    case character
    /// A byte, of any file.
    case byte
    /// One or more characters or bytes, by the `tokenizer.json` at a path.
    case bytePair(String)

    /// What messages call it.
    var name: String {
      switch self {
      case .character: "character"
      case .byte: "byte"
      case .bytePair: "token"
      }
    }
  }

  /// The file, plain or gzipped.
  public let path: String
  /// Tokens of an example.
  public let length: Int
  /// The share of the text, at its end, that is held back for the test.
  public let testShare: Rational
  /// What a token stands for.
  public let unit: Unit

  public init(path: String, length: Int, testShare: Rational, unit: Unit) {
    self.path = path
    self.length = length
    self.testShare = testShare
    self.unit = unit
  }

  /// A text as tokens.
  public struct Content: Equatable, Sendable {
    /// What is trained on and validated.
    public let train: DataSet
    /// The end of the text; nil where none is held back.
    public let test: DataSet?
    /// What each token stands for.
    public let vocabulary: TokenVocabulary
  }

  /// Everything.
  public func load() throws(DataError) -> Content {
    let (tokens, vocabulary) = try read()
    let tested = Split.part(testShare, of: tokens.count)
    return Content(
      train: try dataSet(tokens.dropLast(tested), "training part"),
      test: tested > 0 ? try dataSet(tokens.suffix(tested), "test part") : nil, vocabulary: vocabulary)
  }

  /// How many examples follow each other in what is trained on, and how many tokens there are; reads the text.
  public func header() throws(DataError) -> DataHeader {
    let content = try load()
    let (examples, count) = (content.train.wholeExamples.count, content.vocabulary.count)
    return DataHeader(examples: examples, shape: [length], classes: count, hasExactClasses: unit == .character, vocabulary: count)
  }

  /// A text as the tokens of a vocabulary that was learned; what is not in it is a located error.
  public func tokens(of vocabulary: [String]) throws(DataError) -> [Int32] {
    let (tokens, present) = try read()
    guard case .characters(let own) = present else { return tokens }
    let numbers = Dictionary(vocabulary.enumerated().map { ($1, Int32(truncatingIfNeeded: $0)) }) { first, _ in first }
    let names = own.names
    let known = names.map { numbers[$0] }
    if let stranger = known.firstIndex(where: { $0 == nil }), let place = tokens.firstIndex(of: Int32(truncatingIfNeeded: stranger)) {
      throw .unknownCharacter(names[stranger], path: path, line: 1 + tokens[..<place].count { names[Int($0)] == "\n" })
    }
    return tokens.map { known[Int($0)] ?? 0 }
  }

  private func dataSet(_ tokens: ArraySlice<Int32>, _ part: String) throws(DataError) -> DataSet {
    try checkLength(of: tokens.count, part, unit.name, path: path, length: length)
    return try DataSet(text: Array(tokens), length: length)
  }

  private func read() throws(DataError) -> (tokens: [Int32], vocabulary: TokenVocabulary) {
    let bytes = try DataFile.readAll(path)
    guard !bytes.isEmpty else { throw DataError(kind: .empty, path: path, message: "is empty") }
    try checkMemory(bytes.count * MemoryLayout<Int32>.size, path: path)
    switch unit {
    case .byte: return (bytes.map { Int32($0) }, .bytes)
    case .character:
      let characters = try CharacterVocabulary.characters(of: bytes, path: path)
      let vocabulary = CharacterVocabulary(of: characters)
      return (characters.map { vocabulary[$0] ?? 0 }, .characters(vocabulary))
    case .bytePair(let tokenizer):
      let vocabulary = try BytePairVocabulary(path: tokenizer, of: path)
      do { return (try vocabulary.encode(bytes), .bytePairs(vocabulary)) } catch {
        let message =
          switch error.kind {
          case .notUTF8: "is no UTF-8 text"
          case .unknown(let symbol): "no token of \(tokenizer) has \"\(shown(symbol))\" in it"
          }
        throw DataError(kind: .corrupt, path: path, message: message, line: error.line(in: bytes))
      }
    }
  }
}

extension DataError {
  /// A character that none of the texts that were learned has.
  static func unknownCharacter(_ character: String, path: String, line: Int) -> DataError {
    DataError(
      kind: .corrupt, path: path, message: "the character \"\(shown(character))\" is in none of the texts that were learned",
      help: "leave it out, or write it with characters that were learned", line: line)
  }
}
