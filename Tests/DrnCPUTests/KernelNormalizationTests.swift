import CKernels
import DrnTestSupport
import Testing

/// Normalization of one list of numbers in double precision, and its gradient.
private struct NaiveNormalization {
  var x: [Double]
  var epsilon = 1e-3

  var mean: Double { x.reduce(0, +) / Double(x.count) }
  var variance: Double { x.reduce(0.0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count) }
  var rstd: Double { 1 / (variance + epsilon).squareRoot() }

  func normal() -> [Double] {
    let (mean, rstd) = (mean, rstd)
    return x.map { ($0 - mean) * rstd }
  }

  /// The gradient by x of sum(upstream * normal): the centred upstream, with what changes only the length taken out.
  func gradient(_ upstream: [Double]) -> [Double] {
    let normal = normal()
    let rstd = rstd
    let count = Double(x.count)
    let sum = upstream.reduce(0, +) / count
    let product = zip(upstream, normal).reduce(0.0) { $0 + $1.0 * $1.1 } / count
    return zip(upstream, normal).map { rstd * ($0 - sum - $1 * product) }
  }
}

@Suite("Kernels: normalization")
struct KernelNormalizationTests {
  private static let shapes = [(1, 1), (4, 16), (5, 37), (3, 100)]

  private func row(_ matrix: PaddedMatrix, _ row: Int) -> [Double] { (0..<matrix.columns).map { Double(matrix[row, $0]) } }

  private func column(_ matrix: PaddedMatrix, _ column: Int) -> [Double] { (0..<matrix.rows).map { Double(matrix[$0, column]) } }

  private func list(_ count: Int, seed: UInt64) -> [Float] {
    var generator = SplitMix64(seed: seed)
    return (0..<count).map { _ in generator.float() + 1.25 }
  }

  @Test("the naive gradient agrees with central differences")
  func naiveGradient() {
    let naive = NaiveNormalization(x: [0.3, -1.2, 2, 0.7])
    let upstream = [1.0, -0.5, 0.25, 2]
    for i in 0..<4 {
      let values = [1e-5, -1e-5].map { step in
        var moved = naive
        moved.x[i] += step
        return zip(upstream, moved.normal()).reduce(0.0) { $0 + $1.0 * $1.1 }
      }
      #expect(abs((values[0] - values[1]) / 2e-5 - naive.gradient(upstream)[i]) < 1e-8)
    }
  }

  @Test("layer norm follows the definition, in place too", arguments: InstructionSet.allCases)
  func layerNorm(isa: InstructionSet) {
    for (rows, columns) in Self.shapes {
      let x = PaddedMatrix(rows: rows, columns: columns, pad: 3, seed: 1, scale: 4)
      let (scale, offset) = (list(columns, seed: 2), list(columns, seed: 3))
      var (y, plain) = (x, x)
      var mean = [Float](repeating: 0, count: rows)
      var rstd = mean
      isa.run {
        drn_layer_norm(x.storage, x.pitch, 0, rows, columns, nil, nil, 1e-3, &plain.storage, plain.pitch, &mean, &rstd)
        y.storage.withUnsafeMutableBufferPointer {
          drn_layer_norm($0.baseAddress, x.pitch, 0, rows, columns, scale, offset, 1e-3, $0.baseAddress, x.pitch, &mean, &rstd)
        }
      }
      let naive = (0..<rows).map { NaiveNormalization(x: row(x, $0)) }
      #expect(largestError(mean, naive.map(\.mean)) < 1e-6)
      // A single column has rstd = 1 / sqrt(epsilon), about 32.
      #expect(largestError(rstd, naive.map(\.rstd)) < 1e-5)
      let normal = naive.map { $0.normal() }
      #expect(plain.largestError { normal[$0][$1] } < 4e-6)
      #expect(y.largestError { normal[$0][$1] * Double(scale[$1]) + Double(offset[$1]) } < 1e-5)
      #expect(y.paddingIsUntouched)
    }
  }

  @Test("layer norm's gradients follow the definition", arguments: InstructionSet.allCases)
  func layerNormGradient(isa: InstructionSet) {
    for (rows, columns) in Self.shapes {
      let x = PaddedMatrix(rows: rows, columns: columns, pad: 3, seed: 4, scale: 4)
      let dy = PaddedMatrix(rows: rows, columns: columns, pad: 1, seed: 5)
      let scale = list(columns, seed: 6)
      let naive = (0..<rows).map { NaiveNormalization(x: row(x, $0)) }
      let (mean, rstd) = (naive.map { Float($0.mean) }, naive.map { Float($0.rstd) })
      var dx = dy
      var dscale = [Float](repeating: 0, count: columns)
      var doffset = dscale
      isa.run {
        dx.storage.withUnsafeMutableBufferPointer {
          drn_layer_norm_gradient(
            $0.baseAddress, dy.pitch, x.storage, x.pitch, 0, rows, columns, scale, mean, rstd, $0.baseAddress, dy.pitch)
        }
        drn_layer_norm_parameter_gradient(
          dy.storage, dy.pitch, x.storage, x.pitch, 0, rows, columns, mean, rstd, &dscale, &doffset)
      }
      let gradients = naive.indices.map { naive[$0].gradient(zip(row(dy, $0), scale).map { $0 * Double($1) }) }
      #expect(dx.largestError { gradients[$0][$1] } < 4e-5)
      #expect(dx.paddingIsUntouched)
      let normal = naive.map { $0.normal() }
      #expect(largestError(dscale, (0..<columns).map { c in (0..<rows).reduce(0.0) { $0 + Double(dy[$1, c]) * normal[$1][c] } }) < 1e-5)
      #expect(largestError(doffset, (0..<columns).map { column(dy, $0).reduce(0, +) }) < 1e-5)
    }
  }

  @Test("moments of blocks combine to those of all rows, far from zero too", arguments: InstructionSet.allCases)
  func moments(isa: InstructionSet) {
    for (columns, rows) in Self.shapes + [(19, 64)] {
      let x = PaddedMatrix(rows: rows, columns: columns, pad: 3) { row, column in Float(100 + column) + Float(row * row % 7) }
      let block = 5
      let blocks = (rows - 1) / block + 1
      var means = [Float](repeating: 0, count: blocks * columns)
      var squares = means
      var (mean, variance, factors) = (means, means, [Float](repeating: 0, count: 2 * columns))
      let (scale, offset) = (list(columns, seed: 2), list(columns, seed: 3))
      isa.run {
        for first in 0..<blocks {
          let last = min((first + 1) * block, rows)
          means.withUnsafeMutableBufferPointer { means in
            squares.withUnsafeMutableBufferPointer { squares in
              guard let means = means.baseAddress, let squares = squares.baseAddress else { return }
              drn_column_moments(x.storage, x.pitch, first * block, last, columns, means + first * columns, squares + first * columns)
            }
          }
        }
        drn_combine_moments(means, squares, rows, block, columns, scale, offset, 1e-3, &mean, &variance, &factors)
      }
      let naive = (0..<columns).map { NaiveNormalization(x: column(x, $0)) }
      // Half a unit in the last place of 120.
      #expect(largestError(Array(mean[..<columns]), naive.map(\.mean)) < 1e-5)
      #expect(largestError(Array(variance[..<columns]), naive.map(\.variance)) < 2e-5)
      let normal = naive.indices.map { c in naive[c].normal().map { $0 * Double(scale[c]) + Double(offset[c]) } }
      // A deviation of 0 scales by up to 71, and so the rounding of numbers about 100.
      let y = PaddedMatrix(rows: rows, columns: columns, pad: 0) { row, c in factors[c] * x[row, c] + factors[columns + c] }
      #expect(y.largestError { normal[$1][$0] } < 2e-3)
    }
  }

  @Test("the gradient by sums of blocks follows the definition", arguments: InstructionSet.allCases)
  func gradientSums(isa: InstructionSet) {
    for (columns, rows) in Self.shapes {
      let x = PaddedMatrix(rows: rows, columns: columns, pad: 3, seed: 4, scale: 4)
      let dy = PaddedMatrix(rows: rows, columns: columns, pad: 1, seed: 5)
      let scale = list(columns, seed: 6)
      let naive = (0..<columns).map { NaiveNormalization(x: column(x, $0)) }
      let mean = naive.map { Float($0.mean) }
      var sums = [Float](repeating: 7, count: columns)
      var (products, dscale, doffset) = (sums, sums, sums)
      var factors = [Float](repeating: 0, count: 3 * columns)
      isa.run {
        for row in 0..<rows {
          let (upstream, input) = (Array(dy.storage[(row * dy.pitch)...]), Array(x.storage[(row * x.pitch)...]))
          drn_column_gradient_sums(upstream, dy.pitch, input, x.pitch, 1, columns, mean, row == 0 ? 0 : 1, &sums, &products)
        }
        drn_combine_gradient_sums(
          sums, products, 1, rows, columns, scale, mean, naive.map { Float($0.variance) }, 1e-3, &dscale, &doffset, &factors)
      }
      let dx = PaddedMatrix(rows: rows, columns: columns, pad: 0) { row, column in
        factors[column] * dy[row, column] + factors[columns + column] * x[row, column] + factors[2 * columns + column]
      }
      let gradients = naive.indices.map { c in naive[c].gradient(column(dy, c).map { $0 * Double(scale[c]) }) }
      #expect(dx.largestError { gradients[$1][$0] } < 4e-5)
      let expected = naive.indices.map { c in zip(column(dy, c), naive[c].normal()).reduce(0.0) { $0 + $1.0 * $1.1 } }
      #expect(largestError(dscale, expected) < 1e-5)
      #expect(largestError(doffset, naive.indices.map { column(dy, $0).reduce(0, +) }) < 1e-5)
    }
  }
}
