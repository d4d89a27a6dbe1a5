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
      }
    }
  }

  /// What is to be learned, one row for each example.
  public enum Target: Equatable, Sendable {
    /// The class of each example.
    case labels([Int32])
    /// `width` real values for each example, row-major.
    case values([Float], width: Int)
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

  /// A data set; throws `sizeMismatch` unless storage and target hold exactly `count` rows.
  public init(shape: [Int], count: Int, storage: Storage, target: Target) throws(DataError) {
    guard let elements = checkedProduct(shape), let total = checkedProduct([count] + shape), storage.count == total else {
      throw DataError(kind: .sizeMismatch, path: "", message: "\(storage.count) values are not \(count) examples of shape \(shape)")
    }
    let rows: Int? =
      switch target {
      case .labels(let labels): labels.count
      case .values(let values, let width): checkedProduct([count, width]) == values.count ? count : nil
      }
    guard rows == count else {
      throw DataError(kind: .sizeMismatch, path: "", message: "the labels or targets are not those of \(count) examples")
    }
    self.shape = shape
    self.count = count
    self.storage = storage
    self.target = target
    self.elementsPerExample = elements
  }

  /// The class of each example; empty for regression.
  public var labels: [Int32] {
    switch target {
    case .labels(let labels): labels
    case .values: []
    }
  }

  /// The target values, row-major; empty for classification.
  public var targets: [Float] {
    switch target {
    case .labels: []
    case .values(let values, _): values
    }
  }

  /// The number of target values of an example; nil for classification.
  public var targetWidth: Int? {
    switch target {
    case .labels: nil
    case .values(_, let width): width
    }
  }

  /// One more than the largest label; nil for regression.
  public var classes: Int? {
    switch target {
    case .labels(let labels): Int(labels.max() ?? -1) + 1
    case .values: nil
    }
  }

  /// All feature values as `Float`, row-major; costs four bytes a value.
  public var features: [Float] {
    switch storage {
    case .bytes(let bytes, let scale): bytes.map { Float($0) * scale }
    case .floats(let floats): floats
    case .doubles(let doubles): doubles.map { Float($0) }
    }
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
