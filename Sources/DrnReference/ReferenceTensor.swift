/// A tensor of the reference interpreter: row-major values in double precision.
public struct ReferenceTensor: Hashable, Sendable {
  /// The extents, the outermost axis first; a scalar has none.
  public var shape: [Int]
  /// The elements; labels (`i32`) are whole numbers. Empty for a random key.
  public var values: [Double]
  /// The random key, for a scalar of type `u64`, which a double cannot hold.
  public var key: UInt64?

  /// `values` has as many elements as the shape; nothing holds them against each other here.
  public init(shape: [Int], values: [Double]) {
    self.shape = shape
    self.values = values
    key = nil
  }
  /// A scalar.
  public init(_ number: Double) { self.init(shape: [], values: [number]) }
  /// A random key.
  public init(key: UInt64) {
    self.init(shape: [], values: [])
    self.key = key
  }
  /// One number in every place.
  init(shape: [Int], repeating number: Double) {
    self.init(shape: shape, values: Array(repeating: number, count: shape.reduce(1, *)))
  }

  /// The element in a row and a column of a matrix.
  subscript(row: Int, column: Int) -> Double {
    get { values[row * shape[1] + column] }
    set { values[row * shape[1] + column] = newValue }
  }
  var rows: Int { shape[0] }
  var columns: Int { shape[1] }
  var transposed: ReferenceTensor {
    var result = ReferenceTensor(shape: [columns, rows], repeating: 0)
    for row in 0..<rows { for column in 0..<columns { result[column, row] = self[row, column] } }
    return result
  }
  func map(_ transform: (Double) -> Double) -> ReferenceTensor {
    ReferenceTensor(shape: shape, values: values.map(transform))
  }
}

/// Why a function cannot be evaluated.
public struct ReferenceError: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}
