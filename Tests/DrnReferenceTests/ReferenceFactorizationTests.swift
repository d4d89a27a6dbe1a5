import DrnIR
import DrnReference
import DrnTestSupport
import Testing

@Suite("The reference interpreter: factorizations")
struct ReferenceFactorizationTests {
  private let tall = matrix([[3, 1, 2], [-1, 4, 0], [2, -2, 5], [1, 0, -3]])

  private func product(_ left: ReferenceTensor, _ right: ReferenceTensor, transposeLeft: Bool = false) throws -> ReferenceTensor {
    let attributes: Attributes = ["transpose_left": .boolean(transposeLeft), "transpose_right": .boolean(false)]
    return try evaluateOp(.matmul, OpSample("", [left, right], attributes))[0]
  }

  /// Holds u^T u = 1, descending singular values, u s vt = matrix and the signs against their definition.
  private func check(_ matrix: ReferenceTensor, _ label: String) throws {
    let results = try evaluateOp(.singularValues, OpSample("", [matrix]))
    let (u, s, vt) = (results[0], results[1], results[2])
    let count = s.shape[0]
    let identity = try evaluateOp(.diagonal, OpSample("", [ReferenceTensor(shape: [count], values: s.values.map { _ in 1 })]))[0]
    expectEqual(try product(u, u, transposeLeft: true).values, identity.values, "\(label): u^T u")
    let transposed = try evaluateOp(.transpose, OpSample("", [vt]))[0]
    expectEqual(try product(transposed, transposed, transposeLeft: true).values, identity.values, "\(label): v^T v")
    let scaled = try product(try evaluateOp(.diagonal, OpSample("", [s]))[0], vt)
    expectEqual(try product(u, scaled).values, matrix.values, "\(label): u s vt")
    #expect(zip(s.values, s.values.dropFirst()).allSatisfy { $0 >= $1 } && s.values.allSatisfy { $0 >= 0 }, "\(label)")
    for column in 0..<count {
      let entries = (0..<u.shape[0]).map { u.values[$0 * count + column] }
      let largest = entries.max { $0.magnitude < $1.magnitude } ?? 0
      #expect(largest > 0, "\(label): column \(column) of u")
    }
  }

  @Test("The decomposition of a tall, a wide, a rank-deficient and a zero matrix meets its definition")
  func decompositions() throws {
    var random = SplitMix64(seed: 5)
    try check(tall, "tall")
    try check(try evaluateOp(.transpose, OpSample("", [tall]))[0], "wide")
    try check(try product(random.tensor([6, 2]), random.tensor([2, 5])), "rank 2")
    try check(ReferenceTensor(shape: [3, 2], values: [0, 0, 0, 0, 0, 0]), "zero")
    try check(random.tensor([12, 12]), "square")
    try check(matrix([[5]]), "one element")
  }

  @Test("Values and signs are those of NumPy's svd with the sign convention applied")
  func values() throws {
    let results = try evaluateOp(.singularValues, OpSample("", [tall]))
    expectEqual(results[1].values, [6.87003840858928, 4.222470640126876, 2.9955490244318463])
    expectEqual(Array(results[0].values.prefix(3)), [0.3729692842772404, 0.4012009686148964, 0.7132312012874583])
    expectEqual(Array(results[2].values.suffix(3)), [0.9177164710939538, 0.13240796092188623, -0.37451917249637395])
  }

  @Test("Q is that of NumPy's qr with the diagonal of R made positive")
  func orthonormal() throws {
    let q = try evaluateOp(.orthonormalize, OpSample("", [tall]))[0]
    expectEqual(
      q.values,
      [
        0.7745966692414834, 0.45485882614734213, -0.04324926586221754, -0.2581988897471611, 0.833907847936794, 0.30612370993100846,
        0.5163977794943222, -0.3032392174315614, 0.5906227869309083, 0.2581988897471611, 0.07580980435789034, -0.7453740663441555,
      ])
  }

  @Test("Q of wide and of dependent columns is orthonormal and R = Q^T A is upper triangular with a non-negative diagonal")
  func orthonormalEdges() throws {
    var random = SplitMix64(seed: 9)
    let dependent = matrix([[1, 2, 0], [2, 4, 1], [3, 6, 0]])
    for matrix in [random.tensor([3, 5]), dependent, ReferenceTensor(shape: [3, 2], values: [0, 0, 0, 0, 0, 0])] {
      let q = try evaluateOp(.orthonormalize, OpSample("", [matrix]))[0]
      let count = q.shape[1]
      let gram = try product(q, q, transposeLeft: true)
      expectEqual(gram.values, (0..<count * count).map { $0 % (count + 1) == 0 ? 1 : 0 })
      let r = try product(q, matrix, transposeLeft: true)
      for row in 0..<count {
        for column in 0..<min(row, r.shape[1]) { #expect(r.values[row * r.shape[1] + column].magnitude < 1e-12) }
        #expect(r.values[row * r.shape[1] + row] > -1e-12)
      }
    }
  }
}
