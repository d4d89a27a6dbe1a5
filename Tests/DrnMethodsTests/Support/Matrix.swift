import DrnReference

/// A matrix with the plainest arithmetic there is: the oracle of these tests.
struct Matrix: Equatable {
  var rows: Int
  var columns: Int
  var values: [Double]

  init(_ rows: Int, _ columns: Int, _ values: [Double]) {
    self.rows = rows
    self.columns = columns
    self.values = values
  }
  init(_ rows: Int, _ columns: Int, repeating value: Double = 0) {
    self.init(rows, columns, Array(repeating: value, count: rows * columns))
  }
  /// Reproducible numbers in [-1, 1).
  init(_ rows: Int, _ columns: Int, seed: UInt64) {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
    self.init(
      rows, columns,
      (0..<(rows * columns)).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(state >> 11) / Double(1 << 52) - 1
      })
  }
  init(_ tensor: ReferenceTensor) {
    self.init(tensor.shape.first ?? 1, tensor.shape.count > 1 ? tensor.shape[1] : 1, tensor.values)
  }
  static func identity(_ size: Int) -> Matrix {
    var result = Matrix(size, size)
    for index in 0..<size { result[index, index] = 1 }
    return result
  }

  subscript(row: Int, column: Int) -> Double {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }
  var tensor: ReferenceTensor { ReferenceTensor(shape: [rows, columns], values: values) }
  var transposed: Matrix {
    var result = Matrix(columns, rows)
    for row in 0..<rows { for column in 0..<columns { result[column, row] = self[row, column] } }
    return result
  }
  var norm: Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
  /// 1 where an entry is positive, else 0.
  var mask: Matrix { Matrix(rows, columns, values.map { $0 > 0 ? 1 : 0 }) }
  /// The norm of what is left without the `count` entries of largest magnitude.
  func tail(without count: Int) -> Double {
    values.map { $0 * $0 }.sorted(by: >).dropFirst(count).reduce(0, +).squareRoot()
  }
  var squares: Matrix { Matrix(rows, columns, values.map { $0 * $0 }) }

  static func * (left: Matrix, right: Matrix) -> Matrix {
    var result = Matrix(left.rows, right.columns)
    for row in 0..<left.rows {
      for column in 0..<right.columns {
        result[row, column] = (0..<left.columns).reduce(0) { $0 + left[row, $1] * right[$1, column] }
      }
    }
    return result
  }
  static func + (left: Matrix, right: Matrix) -> Matrix { Matrix(left.rows, left.columns, zip(left.values, right.values).map(+)) }
  static func - (left: Matrix, right: Matrix) -> Matrix { Matrix(left.rows, left.columns, zip(left.values, right.values).map(-)) }
  static func * (factor: Double, matrix: Matrix) -> Matrix { Matrix(matrix.rows, matrix.columns, matrix.values.map { factor * $0 }) }

  /// The largest difference of two entries; infinite where shapes differ.
  func distance(to other: Matrix) -> Double {
    guard rows == other.rows, columns == other.columns else { return .infinity }
    return zip(values, other.values).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }
}

/// Solves a square system by elimination with pivoting.
func solve(_ matrix: Matrix, _ right: [Double]) -> [Double] {
  var (a, b) = (matrix, right)
  for step in 0..<a.rows {
    let pivot = (step..<a.rows).max { abs(a[$0, step]) < abs(a[$1, step]) } ?? step
    for column in 0..<a.columns { (a[step, column], a[pivot, column]) = (a[pivot, column], a[step, column]) }
    b.swapAt(step, pivot)
    for row in (step + 1)..<max(a.rows, step + 1) {
      let share = a[row, step] / a[step, step]
      for column in step..<a.columns { a[row, column] -= share * a[step, column] }
      b[row] -= share * b[step]
    }
  }
  for row in (0..<a.rows).reversed() {
    for column in (row + 1)..<max(a.columns, row + 1) { b[row] -= a[row, column] * b[column] }
    b[row] /= a[row, row]
  }
  return b
}
