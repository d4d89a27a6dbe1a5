/// The factor Q of the thin QR factorization by Householder reflections (Golub and Van Loan, section 5.2.2), its columns signed so that
/// the diagonal of R is not negative.
func orthonormalFactor(_ matrix: ReferenceTensor) -> ReferenceTensor {
  var rest = matrix
  let count = min(matrix.rows, matrix.columns)
  var reflectors: [[Double]] = []
  for step in 0..<count {
    let reflector = reflector(of: rest, step)
    reflect(&rest, reflector)
    reflectors.append(reflector)
  }
  var q = ReferenceTensor(shape: [matrix.rows, count], repeating: 0)
  for index in 0..<count { q[index, index] = rest[index, index] < 0 ? -1 : 1 }
  for reflector in reflectors.reversed() { reflect(&q, reflector) }
  return q
}

/// The unit vector whose reflection clears a column below its diagonal; zeros where it is clear.
private func reflector(of matrix: ReferenceTensor, _ step: Int) -> [Double] {
  var vector = (0..<matrix.rows).map { $0 < step ? 0 : matrix[$0, step] }
  if vector[(step + 1)...].allSatisfy({ $0 == 0 }) { return vector.map { _ in 0 } }
  let norm = dot(vector, vector).squareRoot()
  vector[step] += vector[step] < 0 ? -norm : norm
  let length = dot(vector, vector).squareRoot()
  return vector.map { $0 / length }
}

/// Applies the reflection I - 2 v v^T from the left.
private func reflect(_ matrix: inout ReferenceTensor, _ vector: [Double]) {
  for column in 0..<matrix.columns {
    let share = 2 * (0..<matrix.rows).reduce(0) { $0 + vector[$1] * matrix[$1, column] }
    for row in 0..<matrix.rows { matrix[row, column] -= share * vector[row] }
  }
}
