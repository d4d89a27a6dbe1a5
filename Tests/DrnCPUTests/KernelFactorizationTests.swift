import CKernels
import Testing

/// A row-major matrix in double precision for checking factorizations.
private struct DoubleMatrix {
  var rows: Int
  var columns: Int
  var values: [Double]

  init(rows: Int, columns: Int, _ element: (Int, Int) -> Double) {
    self.rows = rows
    self.columns = columns
    values = (0..<rows * columns).map { element($0 / columns, $0 % columns) }
  }

  init(_ matrix: PaddedMatrix) {
    self.init(rows: matrix.rows, columns: matrix.columns) { Double(matrix[$0, $1]) }
  }

  subscript(row: Int, column: Int) -> Double { values[row * columns + column] }

  static func * (left: Self, right: Self) -> Self {
    Self(rows: left.rows, columns: right.columns) { i, j in (0..<left.columns).reduce(0.0) { $0 + left[i, $1] * right[$1, j] } }
  }

  var transposed: Self { Self(rows: columns, columns: rows) { self[$1, $0] } }

  func distance(_ other: Self) -> Double {
    zip(values, other.values).reduce(0.0) { $1.0.isNaN || $1.1.isNaN ? .infinity : max($0, abs($1.0 - $1.1)) }
  }

  /// How far the columns are from orthonormal.
  var orthonormalityError: Double {
    (transposed * self).distance(Self(rows: columns, columns: columns) { $0 == $1 ? 1 : 0 })
  }
}

@Suite("Kernels: factorizations")
struct KernelFactorizationTests {
  private static let shapes = [(1, 1), (1, 6), (6, 1), (9, 9), (13, 5), (5, 13), (70, 21), (21, 70)]

  private struct Decomposition {
    var status: Int32
    var u, vt: PaddedMatrix
    var s: [Float]
  }

  private func svd(_ a: PaddedMatrix, workspace: Int? = nil) -> Decomposition {
    let k = min(a.rows, a.columns)
    var u = PaddedMatrix(rows: a.rows, columns: k, pad: 2) { _, _ in 0 }
    var vt = PaddedMatrix(rows: k, columns: a.columns, pad: 3) { _, _ in 0 }
    var s = [Float](repeating: 0, count: k)
    var work = [Float](repeating: 0, count: workspace ?? drn_svd_workspace(a.rows, a.columns))
    let status = drn_svd(
      a.rows, a.columns, a.storage, a.pitch, &u.storage, u.pitch, &s, &vt.storage, vt.pitch, &work, work.count)
    return Decomposition(status: status, u: u, vt: vt, s: s)
  }

  @Test("the singular value decomposition gives back the matrix, with orthonormal factors and the signs stated", arguments: shapes)
  func singularValues(rows: Int, columns: Int) {
    let a = PaddedMatrix(rows: rows, columns: columns, pad: 1, seed: 3)
    let result = svd(a)
    #expect(result.status == 0)
    let (u, vt) = (DoubleMatrix(result.u), DoubleMatrix(result.vt))
    let scaled = DoubleMatrix(rows: rows, columns: result.s.count) { u[$0, $1] * Double(result.s[$1]) }
    // Singular values up to 10 in float.
    #expect((scaled * vt).distance(DoubleMatrix(a)) < 2e-5)
    #expect(u.orthonormalityError < 5e-6 && vt.transposed.orthonormalityError < 5e-6)
    #expect(result.s == result.s.sorted(by: >) && result.s.allSatisfy { $0 >= 0 })
    #expect(result.u.paddingIsUntouched && result.vt.paddingIsUntouched)
    for column in 0..<result.s.count {
      let entries = (0..<rows).map { u[$0, column] }
      let largest = entries.map(abs).max() ?? 0
      #expect((entries.first { abs($0) == largest } ?? -1) > 0)
    }
  }

  @Test("singular values of a known matrix, and of a matrix of rank one")
  func knownValues() {
    let diagonal = PaddedMatrix(rows: 3, columns: 3, pad: 0) { $0 == $1 ? [2, -5, 1][$0] : 0 }
    #expect(largestError(svd(diagonal).s, [5, 2, 1]) < 1e-6)
    let one = svd(PaddedMatrix(rows: 4, columns: 3, pad: 0) { Float(($0 + 1) * ($1 + 1)) })
    #expect(largestError(one.s, [(30.0 * 14.0).squareRoot(), 0, 0]) < 1e-5)
  }

  @Test("the same input gives the same bits")
  func repeats() {
    let a = PaddedMatrix(rows: 40, columns: 30, pad: 0, seed: 8)
    let (one, two) = (svd(a), svd(a))
    #expect(one.u.storage == two.u.storage && one.vt.storage == two.vt.storage && one.s == two.s)
  }

  @Test("NaN, infinity, short workspaces and bad sizes are statuses")
  func refusals() {
    for bad in [Float.nan, .infinity] {
      var a = PaddedMatrix(rows: 5, columns: 4, pad: 0, seed: 1)
      a[4, 3] = bad
      #expect(svd(a).status == Int32(DRN_LAPACK_NOT_FINITE.rawValue))
      #expect(qr(a).status == Int32(DRN_LAPACK_NOT_FINITE.rawValue))
    }
    let sound = PaddedMatrix(rows: 5, columns: 4, pad: 0, seed: 1)
    #expect(svd(sound, workspace: drn_svd_workspace(5, 4) - 1).status == Int32(DRN_LAPACK_BAD_ARGUMENT.rawValue))
    #expect(drn_svd(-1, 2, [], 2, nil, 1, nil, nil, 2, nil, 0) == Int32(DRN_LAPACK_BAD_ARGUMENT.rawValue))
    #expect(drn_qr(1 << 40, 2, [], 2, nil, 2, nil, 2, nil, 0) == Int32(DRN_LAPACK_BAD_ARGUMENT.rawValue))
    #expect(drn_svd_workspace(1 << 40, 1 << 40) == 0)
    #expect(drn_svd(0, 2, [], 2, nil, 1, nil, nil, 2, nil, 0) == 0)
  }

  private func qr(_ a: PaddedMatrix) -> (status: Int32, q: PaddedMatrix, r: PaddedMatrix) {
    let k = min(a.rows, a.columns)
    var q = PaddedMatrix(rows: a.rows, columns: k, pad: 2) { _, _ in 0 }
    var r = PaddedMatrix(rows: k, columns: a.columns, pad: 3) { _, _ in 9 }
    var work = [Float](repeating: 0, count: drn_qr_workspace(a.rows, a.columns))
    let status = drn_qr(
      a.rows, a.columns, a.storage, a.pitch, &q.storage, q.pitch, &r.storage, r.pitch, &work, work.count)
    return (status, q, r)
  }

  @Test("the QR decomposition gives back the matrix, orthonormal times upper with a diagonal of no sign", arguments: shapes)
  func qrDecomposition(rows: Int, columns: Int) {
    let a = PaddedMatrix(rows: rows, columns: columns, pad: 1, seed: 4)
    let result = qr(a)
    #expect(result.status == 0)
    let (q, r) = (DoubleMatrix(result.q), DoubleMatrix(result.r))
    #expect((q * r).distance(DoubleMatrix(a)) < 1e-5)
    #expect(q.orthonormalityError < 5e-6)
    for i in 0..<r.rows {
      #expect(r[i, i] >= 0)
      for j in 0..<min(i, r.columns) { #expect(r[i, j] == 0) }
    }
    #expect(result.q.paddingIsUntouched && result.r.paddingIsUntouched)
  }

  @Test("QR in place gives what QR elsewhere gives")
  func qrInPlace() {
    let a = PaddedMatrix(rows: 12, columns: 5, pad: 2, seed: 4)
    let expected = qr(a)
    var q = a
    var r = [Float](repeating: 0, count: 25)
    var work = [Float](repeating: 0, count: drn_qr_workspace(12, 5))
    let status = q.storage.withUnsafeMutableBufferPointer {
      drn_qr(12, 5, $0.baseAddress, a.pitch, $0.baseAddress, a.pitch, &r, 5, &work, work.count)
    }
    #expect(status == 0 && q.largestError { Double(expected.q[$0, $1]) } == 0)
  }
}
