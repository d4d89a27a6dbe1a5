import CKernels
import Testing

@Suite("Kernels: reductions")
struct KernelReduceTests {
  private static let shapes = [(0, 5), (3, 0), (1, 1), (5, 37), (130, 16), (201, 19)]

  @Test("sums agree with naive double sums", arguments: InstructionSet.allCases)
  func sums(isa: InstructionSet) {
    for (rows, columns) in Self.shapes {
      let x = PaddedMatrix(rows: rows, columns: columns, pad: 2, seed: 1)
      var naive = (sum: 0.0, squares: 0.0)
      for row in 0..<rows {
        for column in 0..<columns {
          naive.sum += Double(x[row, column])
          naive.squares += Double(x[row, column]) * Double(x[row, column])
        }
      }
      isa.run {
        // Double sums of at most 4000 numbers under 1: only their order differs.
        #expect(abs(drn_sum_all(x.storage, x.pitch, rows, columns) - naive.sum) < 1e-10)
        #expect(abs(drn_sum_squares(x.storage, x.pitch, rows, columns) - naive.squares) < 1e-10)
      }
    }
  }

  @Test("sums of rows and of columns agree with naive double sums and touch only their range", arguments: InstructionSet.allCases)
  func rowsAndColumns(isa: InstructionSet) {
    for (rows, columns) in Self.shapes {
      let x = PaddedMatrix(rows: rows, columns: columns, pad: 2, seed: 3)
      let (rowBegin, columnBegin) = (min(1, rows), min(2, columns))
      var rowSums = [Float](repeating: -1, count: rows + 1)
      var columnSums = [Float](repeating: -1, count: columns + 1)
      isa.run {
        drn_sum_rows(x.storage, x.pitch, rowBegin, rows, columns, &rowSums)
        drn_sum_columns(x.storage, x.pitch, rowBegin, rows, columnBegin, columns, &columnSums)
      }
      let naiveRows = (0...rows).map { row in
        row < rowBegin || row == rows ? -1 : (0..<columns).reduce(0.0) { $0 + Double(x[row, $1]) }
      }
      let naiveColumns = (0...columns).map { column in
        column < columnBegin || column == columns ? -1 : (rowBegin..<max(rows, rowBegin)).reduce(0.0) { $0 + Double(x[$1, column]) }
      }
      // Blocks of 64 numbers under 1 in float: 64 roundings of sums under 64.
      #expect(largestError(rowSums, naiveRows) < 1e-5)
      #expect(largestError(columnSums, naiveColumns) < 3e-5)
    }
  }

  @Test("column sums of blocks of rows, summed again, are the sums of all rows")
  func blocksOfRows() {
    let x = PaddedMatrix(rows: 200, columns: 21, pad: 0, seed: 5)
    var partial = [Float](repeating: 0, count: 2 * 21)
    var whole = [Float](repeating: 0, count: 21)
    var total = whole
    drn_sum_columns(x.storage, x.pitch, 0, 128, 0, 21, &partial)
    partial.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      drn_sum_columns(x.storage, x.pitch, 128, 200, 0, 21, base + 21)
      drn_sum_columns(base, 21, 0, 2, 0, 21, &total)
    }
    drn_sum_columns(x.storage, x.pitch, 0, 200, 0, 21, &whole)
    #expect(largestError(total, whole.map(Double.init)) < 1e-5)
  }
}
