import CKernels
import Testing

@Suite("Kernels: matrix products")
struct KernelGemmTests {
  private static let normal = CChar(UInt8(ascii: "N"))
  private static let transposed = CChar(UInt8(ascii: "T"))

  private func check(m: Int, n: Int, k: Int, transposeA: Bool, transposeB: Bool, alpha: Float, beta: Float) -> Bool {
    let a = transposeA ? PaddedMatrix(rows: k, columns: m, pad: 3, seed: 1) : PaddedMatrix(rows: m, columns: k, pad: 3, seed: 1)
    let b = transposeB ? PaddedMatrix(rows: n, columns: k, pad: 1, seed: 2) : PaddedMatrix(rows: k, columns: n, pad: 1, seed: 2)
    let before = PaddedMatrix(rows: m, columns: n, pad: 2, seed: 3)
    var c = before
    let status = drn_gemm(
      transposeA ? Self.transposed : Self.normal, transposeB ? Self.transposed : Self.normal, m, n, k, alpha, a.storage, a.pitch,
      b.storage, b.pitch, beta, &c.storage, c.pitch)
    let error = c.largestError { i, j in
      let sum = (0..<k).reduce(0.0) { sum, p in
        sum + Double(transposeA ? a[p, i] : a[i, p]) * Double(transposeB ? b[j, p] : b[p, j])
      }
      return Double(alpha) * sum + Double(beta) * Double(before[i, j])
    }
    // Sums of k products of numbers under 1, each rounded to 2^-24.
    return status == 0 && error <= Double(k + 4) * 1.2e-7 && c.paddingIsUntouched
  }

  @Test("products agree with naive double sums in all transpositions", arguments: [false, true], [false, true])
  func products(transposeA: Bool, transposeB: Bool) {
    for (m, n, k) in [(1, 1, 1), (5, 17, 9), (33, 10, 65), (0, 3, 2), (3, 0, 2), (3, 4, 0)] {
      for (alpha, beta) in [(Float(1), Float(0)), (-0.5, 1), (2, -0.25)] {
        #expect(check(m: m, n: n, k: k, transposeA: transposeA, transposeB: transposeB, alpha: alpha, beta: beta))
      }
    }
  }

  @Test("beta 0 does not read what c held")
  func overwrites() {
    for k in [0, 2] {
      var c = [Float](repeating: .nan, count: 4)
      #expect(drn_gemm(Self.normal, Self.normal, 2, 2, k, 1, [1, 2, 3, 4], 2, [1, 0, 0, 1], 2, 0, &c, 2) == 0)
      #expect(c == (k == 0 ? [0, 0, 0, 0] : [1, 2, 3, 4]))
    }
  }

  @Test("arguments that make no product are refused and c stays")
  func refusals() {
    var c: [Float] = [5]
    #expect(drn_gemm(88, Self.normal, 1, 1, 1, 1, [1], 1, [1], 1, 0, &c, 1) != 0)
    #expect(drn_gemm(Self.normal, Self.normal, 1, 1, 2, 1, [1, 1], 1, [1, 1], 1, 0, &c, 1) != 0)
    #expect(drn_gemm(Self.normal, Self.normal, -1, 1, 1, 1, [1], 1, [1], 1, 0, &c, 1) != 0)
    #expect(c == [5])
  }

  @Test("warming up changes nothing that can be seen")
  func warmUp() {
    drn_warm_up()
    #expect(check(m: 4, n: 4, k: 4, transposeA: false, transposeB: true, alpha: 1, beta: 0))
  }
}
