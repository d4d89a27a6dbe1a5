/// How a product is divided into tiles, by its shape alone, so that results do not depend on the number of threads.
///
/// The inner extent is never divided. Tiles span columns where there are enough of them, since dividing rows makes every task pack the right
/// operand again; a narrow result is divided by rows.
struct MatmulGrid: BitwiseCopyable, Equatable {
  let rows: Int
  let columns: Int
  let tileRows: Int
  let tileColumns: Int

  init(rows: Int, columns: Int, inner: Int) {
    self.rows = rows
    self.columns = columns
    let isSmall = rows * columns <= Self.smallProduct / max(inner, 1)
    tileColumns = isSmall ? max(columns, 1) : Self.tile(columns, target: Self.targetColumns)
    tileRows = isSmall ? max(rows, 1) : Self.tile(rows, target: tileColumns < Self.narrowColumns ? Self.narrowRows : Self.targetRows)
  }

  var tilesAcross: Int { blockCount(columns, tileColumns) }
  var count: Int { tilesAcross * blockCount(rows, tileRows) }

  /// Multiply-adds below which one task is faster than several (about 3 microseconds).
  private static let smallProduct = 1 << 18
  private static let targetColumns = 512
  private static let narrowColumns = 128
  private static let narrowRows = 64
  private static let targetRows = 128

  /// `extent` divided into equal tiles of at most about `target`, each a multiple of the 16 lanes of a vector.
  private static func tile(_ extent: Int, target: Int) -> Int {
    let tiles = max(blockCount(extent, target), 1)
    let even = blockCount(extent, tiles)
    return max(16, (even + 15) / 16 * 16)
  }
}
