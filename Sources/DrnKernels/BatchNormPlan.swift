import DrnIR

/// The division of a batch normalization into blocks of rows.
public struct BatchNormPlan: BitwiseCopyable, Hashable, Sendable {
  /// Rows of the matrix that is normalized: one for each example or, of images, for each pixel of each.
  public let rows: Int
  /// Columns: features or channels, each with statistics of its own.
  public let columns: Int
  /// Rows of one task.
  public let block: Int

  /// Divides the rows into blocks by the sizes alone.
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

  /// Blocks of rows, the last of which may be smaller.
  public var blocks: Int { blockCount(rows, block) }
}

/// Where a batch normalization or its gradient keeps what it computes in.
public struct BatchNormSpace: Hashable, Sendable {
  /// A row for each block: means, or sums of the upstream gradient.
  public let sums: WorkSpace.Region
  /// As many: sums of squares, or of products.
  public let products: WorkSpace.Region
  /// Up to three rows of factors of the map that ends the operation.
  public let factors: WorkSpace.Region
  /// One tile of upstream gradients for each thread, where a prologue gives them.
  public let tiles: WorkSpace.Region
  /// The row operands of that prologue, repeated.
  public let prologueRows: WorkSpace.Region
  /// The row operands of the map that ends the operation, repeated.
  public let rows: WorkSpace.Region
  /// Everything, as the plan of memory counts it.
  public let whole: WorkSpace

  /// For `batch_norm`, `batch_norm_factors` or `batch_norm_gradient`.
  public init(_ operation: Operation, _ function: Function, threads: Int) {
    let isGradient = operation.opcode == .batchNormGradient
    let plan = BatchNormPlan(operation, isGradient ? 1 : 0, function)
    let isMapped = operation.attributes.function("prologue") != nil
    let width = RowExpansion(columns: plan.columns)?.width ?? 0
    let extras = rowOperands(operation)
    let factorRows = isGradient ? 3 : 2
    var whole = WorkSpace()
    sums = whole.add(saturatedProduct(plan.blocks, plan.columns))
    products = whole.add(saturatedProduct(plan.blocks, plan.columns))
    factors = whole.add(saturatedProduct(factorRows, plan.columns))
    tiles = whole.add(isMapped ? saturatedProduct(plan.tileRows, plan.columns) : 0, pieces: max(threads, 1))
    prologueRows = whole.add(isMapped ? width : 0, pieces: extras)
    rows = whole.add(operation.opcode == .batchNormFactors ? 0 : width, pieces: factorRows + extras)
    self.whole = whole
  }
}
