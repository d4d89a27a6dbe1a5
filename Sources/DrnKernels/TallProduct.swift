import DrnIR

/// A product of a tall matrix, one row for each pixel of a batch of images, with a small one, or of two tall ones over their rows.
///
/// The products of 1 x 1 convolutions and their gradients: too thin for a general product.
public struct TallProduct: BitwiseCopyable, Hashable, Sendable {
  /// Which extent is the tall one.
  public enum Kind: BitwiseCopyable, Hashable, Sendable {
    /// The rows of the result are the tall extent.
    case rows
    /// The inner extent is the tall one: sums over blocks of rows, added in order.
    case inner
  }
  /// Which extent is the tall one.
  public let kind: Kind
  /// Columns of the left matrix as it enters, of `kind` rows; its rows as it enters otherwise.
  public let left: Int
  /// Columns of the result.
  public let columns: Int
  /// The tall extent.
  public let length: Int

  /// `nil` where a general product is as good.
  public init?(_ operation: Operation, _ function: Function) {
    guard let product = ProductSizes(operation, function) else { return nil }
    self.init(product)
  }

  /// `nil` where a general product is as good.
  public init?(_ product: ProductSizes) {
    guard !product.isHalf, !(product.isTransposedLeft && product.isTransposedRight) else { return nil }
    columns = product.columns
    (kind, left, length) = product.isTransposedLeft ? (.inner, product.rows, product.inner) : (.rows, product.inner, product.rows)
    guard length >= Self.leastLength, left > 0, columns > 0, left <= Self.mostColumns, columns <= Self.mostColumns else {
      return nil
    }
  }

  private static let leastLength = 2048
  private static let mostColumns = 64

  /// Whether lanes hold columns of the left matrix, because the result has few.
  public var isThin: Bool { kind == .rows && columns <= 8 && left % 16 == 0 }
  /// Whether the sums of `inner` stay in registers, so that both matrices are read once; larger ones are a general product of each block.
  public var isOneTile: Bool { left <= 16 && columns <= 16 }
  /// Rows of one task: of `rows` at most 128 KiB of both matrices, a power of two like the blocks of a batch normalization that may follow;
  /// of `inner` one of at most 16 blocks.
  public var block: Int {
    switch kind {
    case .rows: 1 << (Int.bitWidth - 1 - (Self.blockFloats / (left + columns)).leadingZeroBitCount)
    case .inner: max(blockCount(length, Self.mostBlocks), 1)
    }
  }
  /// Tasks; the last may have fewer rows.
  public var blocks: Int { blockCount(length, block) }
  private static let blockFloats = 1 << 15
  private static let mostBlocks = 16

  /// Floats of the small matrix, packed, or of the sums of one block.
  public var pieceFloats: Int {
    switch kind {
    case .rows: isThin ? roundedToBlock(left) * columns : left * roundedToBlock(columns)
    case .inner: left * roundedToBlock(columns)
    }
  }

  /// The work space of the kernel. `isTiled` says that the product of a task cannot go to the result at once.
  public func workSpace(threads: Int, isTiled: Bool) -> TallProductSpace {
    var whole = WorkSpace()
    let pieces = whole.add(saturatedProduct(kind == .rows ? 1 : blocks + 1, pieceFloats))
    let tiles = whole.add(kind == .rows && isTiled ? saturatedProduct(block, columns) : 0, pieces: max(threads, 1))
    return TallProductSpace(pieces: pieces, tiles: tiles, whole: whole)
  }
}

/// Where a product of a tall matrix keeps what it computes in.
public struct TallProductSpace: Hashable, Sendable {
  /// The packed small matrix; or the sums of every block one behind the other, then their total.
  public let pieces: WorkSpace.Region
  /// The product of one task, a piece for each thread.
  public let tiles: WorkSpace.Region
  /// Everything, as the plan of memory counts it.
  public let whole: WorkSpace
}
