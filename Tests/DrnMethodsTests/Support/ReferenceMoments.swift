import DrnIR
import Testing

/// The direction of an inner update on a matrix by its formula, and what turning the coordinates does to its moments.
struct ReferenceMoments {
  let kind: String
  var m: Matrix?
  var v: Matrix?

  init(_ kind: String) { self.kind = kind }

  mutating func direction(_ g: Matrix, count: Int) -> Matrix {
    let zero = Matrix(g.rows, g.columns)
    switch kind {
    case "sgd": return g
    case "sgd with momentum":
      let buffer = 0.9 * (m ?? zero) + g
      m = buffer
      return buffer
    case _:
      let (first, second) = (0.9 * (m ?? zero) + 0.1 * g, 0.999 * (v ?? zero) + 0.001 * g.squares)
      (m, v) = (first, second)
      let (a, b) = (1 - power(0.9, count), 1 - power(0.999, count))
      return Matrix(g.rows, g.columns, zip(first.values, second.values).map { ($0 / a) / (($1 / b).squareRoot() + 1e-8) })
    }
  }
  private func power(_ base: Double, _ count: Int) -> Double { (0..<count).reduce(1) { product, _ in product * base } }

  mutating func turn(_ left: Matrix?, _ right: Matrix?) {
    func turned(_ matrix: Matrix) -> Matrix {
      let half = left.map { $0 * matrix } ?? matrix
      return right.map { half * $0 } ?? half
    }
    m = m.map(turned)
    v = v.map { turned(Matrix($0.rows, $0.columns, $0.values.map { $0.squareRoot() })).squares }
  }
}

/// The factor Q of a QR decomposition whose R has a positive diagonal, by Gram and Schmidt, twice.
func orthonormalFactor(_ matrix: Matrix) -> Matrix {
  var columns: [[Double]] = []
  for j in 0..<matrix.columns {
    var column = (0..<matrix.rows).map { matrix.values[$0 * matrix.columns + j] }
    for _ in 0..<2 {
      for other in columns {
        let share = zip(column, other).reduce(0) { $0 + $1.0 * $1.1 }
        column = zip(column, other).map { $0 - share * $1 }
      }
    }
    let length = column.reduce(0) { $0 + $1 * $1 }.squareRoot()
    columns.append(column.map { $0 / length })
  }
  return Matrix(matrix.columns, matrix.rows, columns.flatMap { $0 }).transposed
}

/// By the reference interpreter.
func singularValues(_ matrix: Matrix) throws -> [Double] {
  var bench = Bench()
  let input = bench.input("m", matrix)
  bench.output("s", try bench.builder.singularValues(input).s)
  return try #require(try bench.run()["s"]).values
}
