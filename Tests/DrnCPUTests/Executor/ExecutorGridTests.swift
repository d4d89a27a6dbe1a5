import DrnKernels
import DrnPlan
import Testing

@testable import DrnCPU

@Suite("Tiles of matrix products")
struct ExecutorGridTests {
  private func grid(_ rows: Int, _ columns: Int, _ inner: Int, isTransposedRight: Bool = false) -> MatmulGrid {
    MatmulGrid(ProductSizes(rows: rows, inner: inner, columns: columns, isTransposedRight: isTransposedRight))
  }

  @Test(
    "tiles cover every element once",
    arguments: [(1, 1, 1), (128, 10, 1024), (784, 1024, 128), (33, 700, 5), (128, 196, 784), (1, 5000, 900), (300, 98, 1024)],
    [false, true])
  func cover(_ extents: (rows: Int, columns: Int, inner: Int), isTransposedRight: Bool) {
    let (rows, columns, inner) = extents
    let grid = grid(rows, columns, inner, isTransposedRight: isTransposedRight)
    var covered = Array(repeating: 0, count: rows * columns)
    for index in 0..<grid.count {
      let (top, left) = (index / grid.tilesAcross * grid.tileRows, index % grid.tilesAcross * grid.tileColumns)
      for row in top..<min(top + grid.tileRows, rows) {
        for column in left..<min(left + grid.tileColumns, columns) { covered[row * columns + column] += 1 }
      }
    }
    #expect(covered.allSatisfy { $0 == 1 })
  }

  @Test("a product worth dividing has at least four tiles, a small one is whole")
  func counts() {
    #expect(grid(128, 1024, 784).count == 4)
    #expect(grid(128, 196, 784).count == 4)
    #expect(grid(128, 10, 1024).count == 4)
    #expect(grid(1024, 1024, 128).count == 16)
    #expect(grid(32, 32, 32).count == 1)
  }

  @Test("a narrow product by a transposed matrix has few tall tiles, since each copies that matrix")
  func transposed() {
    let divided = grid(128, 98, 1024, isTransposedRight: true)
    #expect(divided.tileRows == 128 && divided.tileColumns == 48)
    #expect(grid(128, 196, 1024, isTransposedRight: true).count == 2)
    #expect(grid(128, 10, 1024, isTransposedRight: true).tileRows == grid(128, 10, 1024).tileRows)
  }

  @Test("empty products have no tiles, huge extents do not trap")
  func extremes() {
    #expect(grid(0, 10, 10).count == 0)
    #expect(grid(10, 0, 10).count == 0)
    #expect(grid(10, 10, 0).count == 1)
    #expect(grid(1 << 40, 4, 1 << 40).tileColumns == 16)
  }

  @Test("work space pieces are lent once at a time")
  func workspaces() {
    let handle = Workspaces(threads: 3)
    let (first, second) = (handle.handle.acquire(), handle.handle.acquire())
    #expect(Set([first, second, handle.handle.acquire()]) == [0, 1, 2])
    handle.handle.release(second)
    #expect(handle.handle.acquire() == second)
  }
}
