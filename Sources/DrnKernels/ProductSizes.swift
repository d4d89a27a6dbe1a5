import DrnIR

/// The extents of a matrix product, rows x inner times inner x columns, and how its matrices lie in memory.
public struct ProductSizes: BitwiseCopyable, Hashable, Sendable {
  /// Rows of the left matrix and of the result.
  public let rows: Int
  /// Columns of the left matrix and rows of the right one.
  public let inner: Int
  /// Columns of the right matrix and of the result.
  public let columns: Int
  /// Whether the left matrix lies there as inner x rows.
  public let isTransposedLeft: Bool
  /// Whether the right matrix lies there as columns x inner.
  public let isTransposedRight: Bool
  /// Whether the matrices are of half width, `bf16`; the result never is.
  public let isHalf: Bool

  public init(
    rows: Int, inner: Int, columns: Int, isTransposedLeft: Bool = false, isTransposedRight: Bool = false, isHalf: Bool = false
  ) {
    self.isHalf = isHalf
    (self.rows, self.inner, self.columns) = (rows, inner, columns)
    (self.isTransposedLeft, self.isTransposedRight) = (isTransposedLeft, isTransposedRight)
  }

  /// The sizes of a concrete `matmul`; `nil` for other operations.
  public init?(_ operation: Operation, _ function: Function) {
    let (left, right) = (extents(operation, 0, function), extents(operation, 1, function))
    guard operation.opcode == .matmul, left.count == 2, right.count == 2 else { return nil }
    isTransposedLeft = operation.attributes.boolean("transpose_left") ?? false
    (rows, inner) = isTransposedLeft ? (left[1], left[0]) : (left[0], left[1])
    isTransposedRight = operation.attributes.boolean("transpose_right") ?? false
    columns = isTransposedRight ? right[0] : right[1]
    isHalf = function.type(of: operation.operands[0]).element == .bf16
  }
}
