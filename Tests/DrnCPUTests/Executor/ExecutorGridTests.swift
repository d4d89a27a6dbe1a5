import DrnPlan
import Testing

@testable import DrnCPU

@Suite("Tiles of matrix products")
struct ExecutorGridTests {
  @Test(
    "tiles cover every element once",
    arguments: [(1, 1, 1), (128, 10, 1024), (784, 1024, 128), (33, 700, 5), (128, 196, 784), (1, 5000, 900)])
  func cover(rows: Int, columns: Int, inner: Int) {
    let grid = MatmulGrid(rows: rows, columns: columns, inner: inner)
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
    #expect(MatmulGrid(rows: 128, columns: 1024, inner: 784).count == 4)
    #expect(MatmulGrid(rows: 128, columns: 196, inner: 784).count == 4)
    #expect(MatmulGrid(rows: 128, columns: 10, inner: 1024).count == 4)
    #expect(MatmulGrid(rows: 1024, columns: 1024, inner: 128).count == 16)
    #expect(MatmulGrid(rows: 32, columns: 32, inner: 32).count == 1)
  }

  @Test("empty products have no tiles, huge extents do not trap")
  func extremes() {
    #expect(MatmulGrid(rows: 0, columns: 10, inner: 10).count == 0)
    #expect(MatmulGrid(rows: 10, columns: 0, inner: 10).count == 0)
    #expect(MatmulGrid(rows: 10, columns: 10, inner: 0).count == 1)
    #expect(MatmulGrid(rows: 1 << 40, columns: 4, inner: 1 << 40).tileColumns == 16)
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
