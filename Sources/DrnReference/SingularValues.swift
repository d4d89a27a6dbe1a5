import DrnIR

extension Evaluation {
  /// What a factorization gives.
  func evaluate(_ op: FactorizeOp, _ matrix: ReferenceTensor) -> [ReferenceTensor] {
    switch op {
    case .singularValues:
      let (u, s, vt) = singularValueDecomposition(matrix)
      return [u, s, vt]
    case .orthonormalize: return [orthonormalFactor(matrix)]
    }
  }
}

/// The thin singular value decomposition by one-sided Jacobi rotations (Hestenes, 1958; Golub and Van Loan, section 8.6.3), with the
/// entry of largest magnitude of each column of `u` positive.
func singularValueDecomposition(_ matrix: ReferenceTensor) -> (u: ReferenceTensor, s: ReferenceTensor, vt: ReferenceTensor) {
  if matrix.rows < matrix.columns {
    let (left, values, right) = jacobi(matrix.transposed)
    return withPositiveColumns(right, values, left.transposed)
  }
  let (left, values, right) = jacobi(matrix)
  return withPositiveColumns(left, values, right.transposed)
}

/// Left vectors (m x n), singular values in descending order and right vectors (n x n) of a matrix with m >= n.
private func jacobi(_ matrix: ReferenceTensor) -> (left: ReferenceTensor, values: [Double], right: ReferenceTensor) {
  var columns = (0..<matrix.columns).map { column in (0..<matrix.rows).map { matrix[$0, column] } }
  var rotations = (0..<matrix.columns).map { column in (0..<matrix.columns).map { $0 == column ? 1.0 : 0.0 } }
  // Convergence is quadratic; a handful of sweeps is usual.
  for _ in 0..<60 where !sweep(&columns, &rotations) {}
  let norms = columns.map { dot($0, $0).squareRoot() }
  let order = norms.indices.sorted { norms[$0] == norms[$1] ? $0 < $1 : norms[$0] > norms[$1] }
  let left = orthonormalColumns(order.map { columns[$0] }, order.map { norms[$0] }, rows: matrix.rows)
  return (
    fromColumns(left, rows: matrix.rows), order.map { norms[$0] },
    fromColumns(order.map { rotations[$0] }, rows: matrix.columns)
  )
}

/// Rotates every pair of columns once; true when all were orthogonal already.
private func sweep(_ columns: inout [[Double]], _ rotations: inout [[Double]]) -> Bool {
  var isDone = true
  for first in columns.indices {
    for second in columns.indices where second > first {
      let (a, b) = (dot(columns[first], columns[first]), dot(columns[second], columns[second]))
      let overlap = dot(columns[first], columns[second])
      if overlap.magnitude <= 1e-15 * (a * b).squareRoot() { continue }
      isDone = false
      let ratio = (b - a) / (2 * overlap)
      let tangent = (ratio < 0 ? -1 : 1) / (ratio.magnitude + (1 + ratio * ratio).squareRoot())
      rotate(&columns, first, second, tangent)
      rotate(&rotations, first, second, tangent)
    }
  }
  return isDone
}

private func rotate(_ columns: inout [[Double]], _ first: Int, _ second: Int, _ tangent: Double) {
  let cosine = 1 / (1 + tangent * tangent).squareRoot()
  let sine = cosine * tangent
  for index in columns[first].indices {
    let (x, y) = (columns[first][index], columns[second][index])
    columns[first][index] = cosine * x - sine * y
    columns[second][index] = sine * x + cosine * y
  }
}

/// The columns divided by their norms; those of a vanishing singular value replaced by any completion of the basis.
private func orthonormalColumns(_ columns: [[Double]], _ norms: [Double], rows: Int) -> [[Double]] {
  let vanishing = (norms.first ?? 0) * Double(rows) * .ulpOfOne
  var basis: [[Double]] = []
  for (column, norm) in zip(columns, norms) {
    basis.append(norm > vanishing ? column.map { $0 / norm } : completion(of: basis, rows: rows))
  }
  return basis
}

/// A unit vector orthogonal to the given ones: the unit vector with the largest remainder, orthogonalized twice.
private func completion(of basis: [[Double]], rows: Int) -> [Double] {
  var best: [Double] = []
  var largest = 0.0
  for axis in 0..<rows {
    var candidate = (0..<rows).map { $0 == axis ? 1.0 : 0.0 }
    for _ in 0..<2 {
      for vector in basis {
        let share = dot(candidate, vector)
        for index in candidate.indices { candidate[index] -= share * vector[index] }
      }
    }
    let norm = dot(candidate, candidate).squareRoot()
    if norm > largest { (best, largest) = (candidate.map { $0 / norm }, norm) }
  }
  return best
}

private func withPositiveColumns(
  _ u: ReferenceTensor, _ s: [Double], _ vt: ReferenceTensor
) -> (u: ReferenceTensor, s: ReferenceTensor, vt: ReferenceTensor) {
  var (u, vt) = (u, vt)
  for column in s.indices {
    var largest = 0.0
    for row in 0..<u.rows where u[row, column].magnitude > largest.magnitude { largest = u[row, column] }
    if largest < 0 {
      for row in 0..<u.rows { u[row, column].negate() }
      for index in 0..<vt.columns { vt[column, index].negate() }
    }
  }
  return (u, ReferenceTensor(shape: [s.count], values: s), vt)
}

func dot(_ left: [Double], _ right: [Double]) -> Double { zip(left, right).reduce(0) { $0 + $1.0 * $1.1 } }

private func fromColumns(_ columns: [[Double]], rows: Int) -> ReferenceTensor {
  var result = ReferenceTensor(shape: [rows, columns.count], repeating: 0)
  for (column, values) in columns.enumerated() { for (row, value) in values.enumerated() { result[row, column] = value } }
  return result
}
