import CKernels
import DrnIR
import DrnKernels

/// The products of the tiles of one result whose factors are of half width: one for tiles of full size, and one for each size at the edges.
struct HalfProducts: BitwiseCopyable {
  private let whole: OpaquePointer
  private let lastRows: OpaquePointer
  private let lastColumns: OpaquePointer
  private let last: OpaquePointer
  private let tileRows: Int
  private let tileColumns: Int
  private let work: UnsafePointer<PackingSpace>
  /// What the library last said that was no success.
  private let status: UnsafeMutablePointer<Int32>

  /// Throws where this processor has no such products. A run that fails says so in `status`.
  init(
    _ call: Call, _ product: ProductSizes, _ grid: MatmulGrid, pitches: (a: Int, b: Int, c: Int), _ memory: StepMemory,
    status: UnsafeMutablePointer<Int32>
  ) throws(ExecutionError) {
    guard drn_has_half_products() != 0 else { throw call.unsupported("this processor does not multiply bfloat16") }
    (tileRows, tileColumns) = (grid.tileRows, grid.tileColumns)
    self.status = status
    func make(rows: Int, columns: Int) throws(ExecutionError) -> OpaquePointer {
      guard
        let made = drn_half_product_make(
          transposition(product.isTransposedLeft), transposition(product.isTransposedRight), rows, columns, product.inner, pitches.a,
          pitches.b, pitches.c)
      else { throw .product(status: 1) }
      memory.keep(made)
      return made
    }
    let (rows, columns) = (Self.rest(grid.rows, grid.tileRows), Self.rest(grid.columns, grid.tileColumns))
    let (fullRows, fullColumns) = (min(grid.tileRows, grid.rows), min(grid.tileColumns, grid.columns))
    whole = try make(rows: fullRows, columns: fullColumns)
    lastRows = rows == fullRows ? whole : try make(rows: rows, columns: fullColumns)
    lastColumns = columns == fullColumns ? whole : try make(rows: fullRows, columns: columns)
    last = columns == fullColumns ? lastRows : rows == fullRows ? lastColumns : try make(rows: rows, columns: columns)
    let most = [whole, lastRows, lastColumns, last].reduce(0) { max($0, drn_half_product_work($1)) }
    work = memory.packing(atLeast: most)
  }

  /// Extent of the last tile.
  private static func rest(_ extent: Int, _ tile: Int) -> Int { extent - max(blockCount(extent, tile) - 1, 0) * tile }

  /// The product of the rows of `a` and the columns of `b` that belong to the tile.
  func multiply(
    _ tile: Tile, _ a: UnsafePointer<UInt16>, _ b: UnsafePointer<UInt16>, _ c: UnsafeMutablePointer<Float>, piece: Int
  ) {
    let product =
      tile.rows == tileRows
      ? (tile.columns == tileColumns ? whole : lastColumns) : (tile.columns == tileColumns ? lastRows : last)
    let outcome = drn_half_product_run(product, a, b, c, work.pointee[piece])
    if outcome != 0 { status.pointee = outcome }
  }
}
