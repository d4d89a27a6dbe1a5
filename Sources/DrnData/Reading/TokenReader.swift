import DrnNumbers

/// Reads a file of tokens as one text, which stays in the file: only its examples are read, when they are asked for.
public struct TokenReader: Sendable {
  /// What a token is stored as.
  public enum Element: String, CaseIterable, Sendable {
    case uint16, uint32

    var byteCount: Int { self == .uint16 ? 2 : 4 }
  }

  /// The file.
  public let path: String
  /// What a token is in a file of nothing but tokens; nil for a `.npy` file, which says it itself.
  public let element: Element?
  /// Tokens of an example.
  public let length: Int
  /// The share of the tokens, at their end, that is held back for the test.
  public let testShare: Rational
  /// Every token is below this.
  public let bound: Int
  /// A `tokenizer.json` that says what tokens stand for.
  public let tokenizer: String?

  public init(path: String, element: Element?, length: Int, testShare: Rational, bound: Int, tokenizer: String? = nil) {
    self.path = path
    self.element = element
    self.length = length
    self.testShare = testShare
    self.bound = bound
    self.tokenizer = tokenizer
  }

  /// The two parts.
  public struct Content: Equatable, Sendable {
    /// What is trained on and validated.
    public let train: DataSet
    /// The end of the tokens; nil where none is held back.
    public let test: DataSet?
    /// What each token stands for; nil without a `tokenizer.json`.
    public let vocabulary: BytePairVocabulary?
  }

  /// Reads the file through once: every token is below the bound.
  public func load() throws(DataError) -> Content {
    let (file, parts) = try open()
    let vocabulary = try readVocabulary()
    func dataSet(_ range: Range<Int>) throws(DataError) -> DataSet {
      try DataSet(text: try TokenStretch(file, range, bound: bound), length: length)
    }
    return Content(
      train: try dataSet(parts.train), test: parts.test.isEmpty ? nil : try dataSet(parts.test), vocabulary: vocabulary)
  }

  /// How many examples follow each other in what is trained on; by the length of the file.
  public func header() throws(DataError) -> DataHeader {
    let (_, parts) = try open()
    let count = try readVocabulary()?.names.count
    let examples = (parts.train.count - length + max(length, 1) - 1) / max(length, 1)
    return DataHeader(examples: examples, shape: [length], classes: count, vocabulary: count)
  }

  private func readVocabulary() throws(DataError) -> BytePairVocabulary? {
    try tokenizer.map { tokenizer throws(DataError) in try BytePairVocabulary(path: tokenizer, of: path) }
  }

  private func open() throws(DataError) -> (file: TokenFile, parts: (train: Range<Int>, test: Range<Int>)) {
    let file: TokenFile
    if let element { file = try TokenFile(path: path, element: element) } else { file = try TokenFile(numpy: path) }
    let kept = file.count - Split.part(testShare, of: file.count)
    let parts = (0..<kept, kept..<file.count)
    try checkLength(of: parts.0.count, "training part", "token", path: path, length: length)
    if !parts.1.isEmpty { try checkLength(of: parts.1.count, "test part", "token", path: path, length: length) }
    return (file, parts)
  }
}

/// Refuses a part of a text that is too short for one example.
func checkLength(of tokens: Int, _ part: String, _ unit: String, path: String, length: Int) throws(DataError) {
  guard tokens <= length else { return }
  throw DataError(
    kind: .empty, path: path,
    message: "the \(part) has \(tokens) \(unit)\(tokens == 1 ? "" : "s"), too few for an example of \(length) and the one behind it",
    help: "use shorter examples or another share for the test")
}

extension BytePairVocabulary {
  /// Reads the `tokenizer.json` of a text that is there: its absence is then no sign of another machine.
  init(path: String, of text: String) throws(DataError) {
    do { try self.init(path: path) } catch {
      guard error.kind == .missingFile else { throw error }
      throw DataError(kind: .unreadable, path: path, message: error.message, help: "\(text) is there")
    }
  }
}
