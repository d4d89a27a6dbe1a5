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
  /// The outer factors as in `glorot_each`, the core between them zero.
  case zerosCore = "zeros_core"

  /// What the word means, for the option's summary.
  private var meaning: String {
    switch self {
    case .glorotEach: "each factor Glorot uniform"
    case .glorotProduct: "the product has the dense initialization's mean square"
    case .svd: "the truncated dense initialization of the same seed"
    case .zerosLast: "the last factor is zero"
    case .zerosCore: "the core is zero"
    }
  }

  static func option(_ words: [FactorDraw], default word: FactorDraw) -> OptionSpec {
    OptionSpec(
      "initial", .word(words.map(\.rawValue)), default: .word(word.rawValue),
      words.map { "\($0.rawValue): \($0.meaning)" }.joined(separator: "; ") + ".")
  }
}

/// The shape and stream of one factor to draw.
struct FactorRequest {
  let rows: Dimension
  let columns: Dimension
  /// Places of the kernel that the rows run over.
  let area: Int
  let stream: String

  init(rows: Dimension, columns: Dimension, area: Int = 1, stream: String) {
    self.rows = rows
    self.columns = columns
    self.area = area
    self.stream = stream
  }
  /// A parameter of a form, with a stream of its name.
  init(_ spec: ParameterSpec, of name: String) {
    let area = spec.kernel.map { $0.height * $0.width } ?? 1
    self.init(rows: spec.shape.first ?? 1, columns: spec.shape.last ?? 1, area: area, stream: "\(name).\(spec.name)")
  }
}

extension Builder {
  /// Glorot uniform numbers: a column of a convolution reaches as many places of its result as the kernel has, so its fan-out counts them
  /// all. The limit depends on ranks, so it is computed in place.
  mutating func glorotUniform(_ factor: FactorRequest, key: Value) throws(IRError) -> Value {
    let unit = try randomUniform([factor.rows, factor.columns], limit: 1, stream: factor.stream, key: key)
    let limit = try squareRoot(try divide(try constant(6), try extent(factor.rows + factor.columns * factor.area)))
    return try multiply(unit, limit)
  }

  /// Every parameter of a form Glorot uniform from the stream of its name, but for the one at index `zero`.
  mutating func drawEach(_ specs: [ParameterSpec], of name: String, zero: Int?, key: Value) throws(IRError) -> [Value] {
    var values: [Value] = []
    for (index, spec) in specs.enumerated() {
      values.append(index == zero ? try constant(0, shape: spec.shape) : try glorotUniform(FactorRequest(spec, of: name), key: key))
    }
    return values
  }

  /// Uniform factors left (m x k) and right (k x n) whose product has on average the mean square of `dense`: each factor has variance
  /// sqrt(mean square / k), and an entry of the product sums k independent terms.
  mutating func productFactors(
    like dense: Value, _ left: FactorRequest, _ right: FactorRequest, shape: WeightShape, key: Value
  ) throws(IRError) -> [Value] {
    let rootMeanSquare = try scale(try norm([dense]), by: 1 / (Double(shape.inputs) * Double(shape.outputs)).squareRoot())
    let variance = try divide(rootMeanSquare, try squareRoot(try extent(left.columns)))
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
