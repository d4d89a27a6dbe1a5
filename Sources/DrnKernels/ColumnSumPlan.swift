import DrnIR

/// A sum over leading axes or over the inner ones, as sums of columns of matrices, each in blocks of rows.
///
/// A tensor of B x ... x D is one matrix where the sum goes over all axes but the last, and B matrices where it goes over all but the first
/// and the last.
public struct ColumnSumPlan: BitwiseCopyable, Hashable, Sendable {
  /// How many matrices lie one behind the other.
  public let matrices: Int
  /// Rows of one matrix, which are summed.
  public let rows: Int
  /// Columns of one matrix, each with a sum of its own.
  public let columns: Int
  /// Rows of one task.
  public let block: Int

  /// `nil` for other sums.
  public init?(_ operation: Operation, _ function: Function) {
    let shape = extents(operation, 0, function)
    let axes = operation.attributes.integers("axes") ?? []
    guard operation.opcode == .sum, shape.count >= 2, !axes.isEmpty else { return nil }
    let last = shape.count - 1
    guard axes == Array(0..<last) || (axes == Array(1..<last) && shape.count > 2) else { return nil }
    matrices = axes.first == 0 ? 1 : shape[0]
    rows = axes.reduce(1) { $0 * shape[$1] }
    columns = shape[last]
    block = max(Self.blockFloats / max(columns, 1), 64)
  }

  private static let blockFloats = 1 << 14
  /// Blocks of rows of one matrix, the last of which may be smaller.
  public var blocks: Int { blockCount(rows, block) }
  /// A row of sums for each block of each matrix, where there is more than one.
  public var workSpace: (sums: WorkSpace.Region, whole: WorkSpace) {
    var whole = WorkSpace()
    let sums = whole.add(blocks > 1 ? saturatedProduct(matrices, blocks, columns) : 0)
    return (sums, whole)
  }
}
