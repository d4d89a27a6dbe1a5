import DrnIR

/// The division of a batch normalization into blocks of rows.
public struct BatchNormPlan: BitwiseCopyable, Hashable, Sendable {
  public let rows: Int
  public let columns: Int
  /// Rows of one task.
  public let block: Int

  public init(rows: Int, columns: Int) {
    (self.rows, self.columns) = (rows, columns)
    block = Self.rows(Self.blockFloats, columns)
  }

  /// The plan for the operand of that number.
  init(_ operation: Operation, _ operand: Int, _ function: Function) {
    let shape = extents(operation, operand, function)
    self.init(rows: shape.dropLast().reduce(1, *), columns: shape.last ?? 1)
  }

  /// Half of an L1 cache short of an L2 cache: what a task reads twice it reads from there.
  private static let blockFloats = 1 << 14
  /// Rows whose upstream gradient a task computes at a time.
  public var tileRows: Int { Self.rows(Self.tileFloats, columns) }
  private static let tileFloats = 2048

  /// Rows of so many floats, a whole number of the rows that a map takes together.
  private static func rows(_ floats: Int, _ columns: Int) -> Int {
    let together = RowExpansion(columns: columns)?.rows ?? 1
    return max(floats / max(columns, 1) / together, 1) * together
  }

  public var blocks: Int { blockCount(rows, block) }
  /// Two rows for each block, and three of factors.
  public var momentFloats: Int { roundedToBlock((2 * blocks + 3) * columns) }
  /// One tile of upstream gradients.
  public var tileFloats: Int { roundedToBlock(tileRows * columns) }

  /// Moments, tiles, then so many rows as the map that ends the operation repeats.
  func scratchFloats(rowOperands: Int, tiles: Int) -> Int {
    momentFloats + tiles * tileFloats + RowExpansion.scratchFloats(columns: columns, repeated: rowOperands)
  }
}
