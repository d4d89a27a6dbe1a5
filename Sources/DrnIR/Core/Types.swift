/// What one element of a tensor is.
public enum ElementType: String, Sendable, Hashable, CaseIterable {
  /// Single precision.
  case f32
  /// Half as wide: the sign, the exponent and the first 7 bits of the fraction of single precision. What products may multiply.
  case bf16
  case i32, u64

  /// Bytes of one element.
  public var bytes: Int {
    switch self {
    case .bf16: 2
    case .f32, .i32: 4
    case .u64: 8
    }
  }
}

/// An element type and a shape; row-major. A scalar has the empty shape.
public struct TensorType: Hashable, Sendable {
  /// What one element is.
  public let element: ElementType
  /// The extents, the outermost axis first; some may depend on ranks.
  public let shape: [Dimension]
  public init(_ element: ElementType, _ shape: [Dimension]) {
    self.element = element
    self.shape = shape
  }
  /// `f32` of the given shape.
  public static func f32(_ shape: [Dimension]) -> TensorType { TensorType(.f32, shape) }
  /// An `f32` scalar.
  public static let scalar = TensorType(.f32, [])

  /// The number of axes, not the rank of a matrix.
  public var rank: Int { shape.count }
  /// The extents, when none depends on a rank symbol.
  public var extents: [Int]? {
    let values = shape.compactMap(\.value)
    return values.count == shape.count ? values : nil
  }
  /// The number of elements of a concrete shape; `nil` for a symbolic one or past `Int.max`.
  public var elementCount: Int? {
    guard let extents else { return nil }
    var count = 1
    for extent in extents {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      if overflow || extent < 0 { return nil }
      count = product
    }
    return count
  }
}
