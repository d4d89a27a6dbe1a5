/// Examples in memory with what is to be learned from them.
public struct DataSet: Equatable, Sendable {
  /// The feature values of all examples, row-major, examples outermost.
  public enum Storage: Equatable, Sendable {
    /// One byte a value, as images are stored; the value is the byte times `scale`.
    case bytes([UInt8], scale: Float)
    /// The values themselves.
    case floats([Float])
    /// Values that single precision does not hold, as they are in the file; they become `Float` once they are prepared.
    case doubles([Double])
    /// Tokens: whole numbers from 0 on, `elementsPerExample` an example.
    case tokens([Int32])
    /// One text of tokens; the example of a number is what begins at that token.
    case text([Int32])
    /// A text of tokens that stays in its file.
    case file(TokenStretch)

    /// The values in single precision where that holds all of them, else in double precision; what is not a number stays so.
    init(exactly values: [Double]) {
      let floats = values.map { Float($0) }
      self = zip(floats, values).allSatisfy { Double($0) == $1 || $1.isNaN } ? .floats(floats) : .doubles(values)
    }

    /// The number of values.
    public var count: Int {
      switch self {
      case .bytes(let bytes, _): bytes.count
      case .floats(let floats): floats.count
      case .doubles(let doubles): doubles.count
      case .tokens(let tokens), .text(let tokens): tokens.count
      case .file(let tokens): tokens.count
      }
    }
  }

  /// What is to be learned, one row for each example.
  public enum Target: Equatable, Sendable {
    /// The class of each example.
    case labels([Int32])
    /// `width` real values for each example, row-major.
    case values([Float], width: Int)
    /// At each position of an example of a text the token that follows.
    case nextTokens
  }

  /// The shape of one example, channels first.
  public let shape: [Int]
  /// The number of examples.
  public let count: Int
  /// The feature values.
  public internal(set) var storage: Storage
  /// The labels or target values.
  public internal(set) var target: Target
  /// The number of values in one example.
  public let elementsPerExample: Int
  /// How many positions of each example are its own, from 1 on; what follows them is filling. `nil` where all are.
  public private(set) var lengths: [Int32]?

  /// A data set; throws `sizeMismatch` unless storage and target hold exactly `count` rows.
  public init(shape: [Int], count: Int, storage: Storage, target: Target) throws(DataError) {
    guard let elements = checkedProduct(shape), let total = checkedProduct([count] + shape), storage.count == total || storage.isText else {
      throw DataError(kind: .sizeMismatch, path: "", message: "\(storage.count) values are not \(count) examples of shape \(shape)")
    }
    let rows: Int? =
      switch target {
      case .labels(let labels): labels.count
      case .values(let values, let width): checkedProduct([count, width]) == values.count ? count : nil
      case .nextTokens: storage.isText ? storage.count - elements : nil
      }
    guard rows == count, storage.isText == (target == .nextTokens) else {
      throw DataError(kind: .sizeMismatch, path: "", message: "the labels or targets are not those of \(count) examples")
    }
    self.shape = shape
    self.count = count
    self.storage = storage
    self.target = target
    self.elementsPerExample = elements
  }

  /// The same examples, of which the first positions are their own: as many as `lengths` says for each, at least one; any other count of them is
  /// `sizeMismatch`.
  public func with(lengths: [Int32]) throws(DataError) -> DataSet {
    guard lengths.count == count, let most = shape.first, lengths.allSatisfy({ $0 >= 1 && Int($0) <= most }) else {
      throw DataError(kind: .sizeMismatch, path: "", message: "the lengths are not those of \(count) examples of shape \(shape)")
    }
    var result = self
    result.lengths = lengths
    return result
  }

  /// The class of each example; empty for regression.
  public var labels: [Int32] {
    switch target {
    case .labels(let labels): labels
    case .values, .nextTokens: []
    }
  }

  /// The target values, row-major; empty for classification.
  public var targets: [Float] {
    switch target {
    case .labels, .nextTokens: []
    case .values(let values, _): values
    }
  }

  /// How many positions of an example are its own: all where examples have no lengths.
  public func length(of example: Int) -> Int {
    let all = shape.first ?? 1
    return lengths.flatMap { $0.indices.contains(example) ? Int($0[example]) : nil } ?? all
  }

  /// How many values of an example lie at its own positions.
  func ownElements(of example: Int) -> Int {
    lengths == nil ? elementsPerExample : length(of: example) * (elementsPerExample / max(1, shape.first ?? 1))
  }

  /// The number of target values of an example; nil for classification.
  public var targetWidth: Int? {
    switch target {
    case .labels, .nextTokens: nil
    case .values(_, let width): width
    }
  }

  /// One more than the largest label; nil for regression.
  public var classes: Int? {
    switch target {
    case .labels(let labels): Int(labels.max() ?? -1) + 1
    case .values: nil
    case .nextTokens: largestToken.map { Int($0) + 1 }
    }
  }

  /// The tokens; nil where examples are made of numbers, and where tokens stay in their file.
  public var tokens: [Int32]? {
    switch storage {
    case .tokens(let tokens), .text(let tokens): tokens
    case .bytes, .floats, .doubles, .file: nil
    }
  }

  /// The largest token; nil where examples are made of numbers.
  public var largestToken: Int32? {
    if case .file(let tokens) = storage { tokens.largest } else { tokens.map { $0.max() ?? -1 } }
  }

  /// How many labels an example has: of a text one for each position, else 1.
  public var labelsPerExample: Int { target == .nextTokens ? elementsPerExample : 1 }

  /// The examples that together are the whole: of a text those that follow each other, else all.
  public var wholeExamples: [Int] { Array(stride(from: 0, to: count, by: storage.isText ? max(1, elementsPerExample) : 1)) }

  /// All feature values as `Float`, row-major; costs four bytes a value.
  public var features: [Float] {
    switch storage {
    case .bytes(let bytes, let scale): bytes.map { Float($0) * scale }
    case .floats(let floats): floats
    case .doubles(let doubles): doubles.map { Float($0) }
    case .tokens, .text, .file: []
    }
  }
}

extension DataSet.Storage {
  /// Whether examples lie over each other.
  var isText: Bool {
    switch self {
    case .text, .file: true
    case .bytes, .floats, .doubles, .tokens: false
    }
  }
}

extension DataSet {
  /// Every stretch of `length` tokens of a text with the one that follows each; a text too short for one is `sizeMismatch`.
  public init(text: [Int32], length: Int) throws(DataError) {
    guard length > 0, text.count > length else {
      throw DataError(
        kind: .sizeMismatch, path: "", message: "\(text.count) tokens are too few for an example of \(length) and the token behind it")
    }
    try self.init(shape: [length], count: text.count - length, storage: .text(text), target: .nextTokens)
  }

  /// The same of a text that stays in its file.
  init(text: TokenStretch, length: Int) throws(DataError) {
    try self.init(shape: [length], count: text.count - length, storage: .file(text), target: .nextTokens)
  }

  /// Tokens in examples of `length` with a class for each.
  public init(tokens: [Int32], length: Int, labels: [Int32]) throws(DataError) {
    try self.init(shape: [length], count: labels.count, storage: .tokens(tokens), target: .labels(labels))
  }
}

/// The product of sizes, or nil when one is negative or it does not fit in `Int`.
func checkedProduct(_ sizes: [Int]) -> Int? {
  var product = 1
  for size in sizes {
    let (next, overflow) = product.multipliedReportingOverflow(by: size)
    if overflow || size < 0 { return nil }
    product = next
  }
  return product
}
