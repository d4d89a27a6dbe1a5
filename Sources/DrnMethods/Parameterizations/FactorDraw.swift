import DrnIR

/// How the factors of a product get their first values.
enum FactorDraw: String, CaseIterable, Sendable {
  /// Each factor uniform in +-sqrt(6 / (rows + columns)) of its own (Glorot and Bengio 2010), as in the code of arXiv 2508.08625.
  case glorotEach = "glorot_each"
  /// Uniform factors of equal variance such that the product has the mean square of the dense initialization.
  case glorotProduct = "glorot_product"
  /// The truncated SVD of the dense initialization of the same seed.
  case svd
  /// The first factor as in `glorot_each`, the last one zero.
  case zerosLast = "zeros_last"

  static func option(_ words: [FactorDraw], default word: FactorDraw) -> OptionSpec {
    OptionSpec(
      "initial", .word(words.map(\.rawValue)), default: .word(word.rawValue),
      "glorot_each: each factor Glorot uniform; glorot_product: the product has the dense initialization's mean square; "
        + "svd: the truncated dense initialization of the same seed; zeros_last: the last factor is zero.")
  }
}

/// The shape and stream of one factor to draw.
struct FactorRequest {
  let rows: Dimension
  let columns: Dimension
  let stream: String
}

extension Builder {
  /// Glorot uniform numbers; the limit depends on ranks, so it is computed in place.
  mutating func glorotUniform(_ factor: FactorRequest, key: Value) throws(IRError) -> Value {
    let unit = try randomUniform([factor.rows, factor.columns], limit: 1, stream: factor.stream, key: key)
    let limit = try squareRoot(try divide(try constant(6), try extent(factor.rows + factor.columns)))
    return try multiply(unit, limit)
  }

  /// Uniform factors left (m x k) and right (k x n) whose product has on average the mean square of `dense`: each factor has variance
  /// sqrt(mean square / k), and an entry of the product sums k independent terms.
  mutating func productFactors(
    like dense: Value, _ left: FactorRequest, _ right: FactorRequest, shape: WeightShape, key: Value
  ) throws(IRError) -> [Value] {
    let count = try constant(Double(shape.inputs) * Double(shape.outputs))
    let meanSquare = try divide(try squaredNorm(dense), count)
    let variance = try squareRoot(try divide(meanSquare, try extent(left.columns)))
    // A uniform number in [-1, 1) has variance 1/3.
    let factor = try squareRoot(try scale(variance, by: 3))
    var factors: [Value] = []
    for request in [left, right] {
      let unit = try randomUniform([request.rows, request.columns], limit: 1, stream: request.stream, key: key)
      factors.append(try multiply(unit, factor))
    }
    return factors
  }

  /// The leading `rank` singular triplets of a dense matrix: u (m x rank), s (rank), vt (rank x n).
  mutating func truncatedSVD(_ dense: Value, shape: WeightShape, rank: Dimension) throws(IRError) -> (u: Value, s: Value, vt: Value) {
    let (u, s, vt) = try singularValues(dense)
    return (
      try leading(u, [Dimension(shape.inputs), rank]), try leading(s, [rank]), try leading(vt, [rank, Dimension(shape.outputs)])
    )
  }

  /// Orthonormal bases of two factors and the small matrix between them: left right = qu core qvt, core rank x rank.
  mutating func orthonormalCore(_ left: Value, _ right: Value, rank: Dimension) throws(IRError) -> (qu: Value, core: Value, qvt: Value) {
    let qu = try basis(left, k: rank)
    let qvt = try transpose(try basis(try transpose(right), k: rank))
    let core = try matmul(try matmul(qu, left, transposeLeft: true), try matmul(right, qvt, transposeRight: true))
    return (qu, core, qvt)
  }
}
