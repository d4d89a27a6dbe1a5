/// How a product is divided into tiles, by its shape alone, so that results do not depend on the number of threads.
///
/// The inner extent is never divided. Tiles fit the L2 cache with what the epilogue reads, and span long rows, which the processor fetches
/// ahead (measured: 64 x 1024 beats 128 x 512 by 8 % on weight updates). A product worth dividing has at least four tiles: wide ones are
/// halved across, narrow ones down, since a tile of few columns wastes vector lanes.
public struct MatmulGrid: BitwiseCopyable, Hashable, Sendable {
  /// Rows of the product.
  public let rows: Int
  /// Columns of the product.
  public let columns: Int
  /// Rows of a tile, but for a last one.
  public let tileRows: Int
  /// Columns of a tile, but for a last one.
  public let tileColumns: Int

  /// The grid of a product.
  public init(_ product: ProductSizes) {
    (rows, columns) = (max(product.rows, 0), max(product.columns, 0))
    let isSmall = Double(rows) * Double(columns) * Double(product.inner) < Self.smallProduct
    if product.isTransposedRight, !product.isHalf, !isSmall, Self.narrowTransposed.contains(columns) {
      (tileRows, tileColumns) = Self.narrowTransposedTile(rows: rows, columns: columns)
      return
    }
    var wide = Self.tile(columns, target: Self.targetColumns)
    var tall = Self.tile(rows, target: product.isHalf ? min(Self.halfRows, Self.halfElements / wide) : Self.targetRows)
    while !isSmall, saturatedProduct(blockCount(rows, tall), blockCount(columns, wide)) < Self.leastTiles {
      if wide >= 2 * Self.leastColumns {
        wide = Self.tile(wide, target: wide / 2)
      } else if tall >= 2 * Self.leastRows {
        tall = Self.tile(tall, target: tall / 2)
      } else {
        break
      }
    }
    (tileRows, tileColumns) = (tall, wide)
  }

  /// Tiles side by side.
  public var tilesAcross: Int { blockCount(columns, tileColumns) }
  /// Tiles of the whole product.
  public var count: Int { saturatedProduct(tilesAcross, blockCount(rows, tileRows)) }
  /// Floats from one row of a work space tile to the next: 16 more than the tile, to keep rows apart in the cache.
  public var workspacePitch: Int { tileColumns + 16 }
  /// One tile for each thread, where the result may not receive the bare product.
  public func workSpace(threads: Int, isTiled: Bool) -> (tiles: WorkSpace.Region, whole: WorkSpace) {
    var whole = WorkSpace()
    let tiles = whole.add(isTiled ? saturatedProduct(tileRows, workspacePitch) : 0, pieces: max(threads, 1))
    return (tiles, whole)
  }

  /// A transposed right matrix is copied for every tile, so that few tall tiles are best; below 112 columns oneDNN is fastest by 32 or 48
  /// (measured with 128 rows: 98 columns by 48 take two thirds of the time of four tiles of 32 rows).
  private static func narrowTransposedTile(rows: Int, columns: Int) -> (rows: Int, columns: Int) {
    guard columns < 112 else { return (tile(rows, target: targetRows), tile(columns, target: targetColumns)) }
    return (tile(rows, target: 2 * targetRows), columns > 64 ? 48 : 32)
  }

  private static let narrowTransposed = 33...256

  /// Multiply-adds that take one thread about 3 microseconds, below which dividing gains nothing.
  private static let smallProduct = 3e5
  private static let leastTiles = 4
  private static let targetColumns = 1024
  private static let leastColumns = 128
  private static let targetRows = 64
  /// A right matrix of half width is put in order anew for every tile, and a tile costs more to begin: taller ones, as far as the cache goes.
  private static let halfRows = 256
  private static let halfElements = 131_072
  private static let leastRows = 32

  /// The extent of a tile when `extent` is divided evenly into tiles of about `target`: a multiple of the 16 lanes of a vector.
  private static func tile(_ extent: Int, target: Int) -> Int {
    let tiles = max(blockCount(extent, max(target, 1)), 1)
    return max(roundedToBlock(blockCount(extent, tiles)), 16)
  }
}
