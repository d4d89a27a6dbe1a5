/// A named tensor as it is stored: element type, shape and the raw little-endian bytes in row-major order.
public struct TensorEntry: Equatable, Sendable {
  /// The name, unique in its file.
  public var name: String
  /// The type of every element.
  public var elementType: StoredElement
  /// The sizes, outermost first; empty for a scalar.
  public var shape: [Int]
  /// The elements, little-endian, row-major.
  public var bytes: [UInt8]

  /// A tensor of raw bytes; their number is checked against the shape when it is written or converted.
  public init(name: String, elementType: StoredElement, shape: [Int], bytes: [UInt8]) {
    self.name = name
    self.elementType = elementType
    self.shape = shape
    self.bytes = bytes
  }

  /// A tensor of type F32.
  public init(name: String, shape: [Int], floats: [Float]) {
    self.init(name: name, elementType: .f32, shape: shape, bytes: littleEndianBytes(floats.map(\.bitPattern)))
  }

  /// A tensor of type F64.
  public init(name: String, shape: [Int], doubles: [Double]) {
    self.init(name: name, elementType: .f64, shape: shape, bytes: littleEndianBytes(doubles.map(\.bitPattern)))
  }

  /// A tensor of type I64.
  public init(name: String, shape: [Int], integers: [Int64]) {
    self.init(name: name, elementType: .i64, shape: shape, bytes: littleEndianBytes(integers))
  }

  /// The number of elements the shape announces, or nil when it does not fit in `Int`.
  public var elementCount: Int? { checkedElementCount(shape) }

  /// The number of bytes shape and element type announce, or nil when it does not fit in `Int`.
  public var expectedByteCount: Int? {
    guard let (count, overflow) = elementCount?.multipliedReportingOverflow(by: elementType.byteCount), !overflow else { return nil }
    return count
  }
}

/// A tensor in a `TensorFile`.
public typealias NamedTensor = TensorEntry

/// The integers as consecutive little-endian bytes.
func littleEndianBytes<T: FixedWidthInteger>(_ values: [T]) -> [UInt8] {
  values.map(\.littleEndian).withUnsafeBytes { [UInt8]($0) }
}
