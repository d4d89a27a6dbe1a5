import DrnIR

/// The extents of a matrix product: rows x inner times inner x columns.
struct ProductSizes: BitwiseCopyable, Hashable, Sendable {
  let rows: Int
  let inner: Int
  let columns: Int

  /// Of a concrete `matmul`; `nil` for other operations.
  init?(_ operation: Operation, _ function: Function) {
    let (left, right) = (extents(operation, 0, function), extents(operation, 1, function))
    guard operation.opcode == .matmul, left.count == 2, right.count == 2 else { return nil }
    let transposesLeft = operation.attributes.boolean("transpose_left") ?? false
    let transposesRight = operation.attributes.boolean("transpose_right") ?? false
    (rows, inner) = transposesLeft ? (left[1], left[0]) : (left[0], left[1])
    columns = transposesRight ? right[0] : right[1]
  }
}
