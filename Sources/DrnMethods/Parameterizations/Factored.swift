import DrnIR

/// W = u v with both factors trained: u inputs x rank, v rank x outputs.
public struct Factored: Parameterization {
  public static let spec = MethodSpec(
    "factored", summary: "W = u v, both factors trained; from a dense W by truncated SVD with the singular values split evenly.",
    source: "the \"SVD\" form of arXiv 2508.08625, whose code draws both factors by `glorot_each`",
    options: [
      OptionSpec("rank", .rank, required: true, "The number of columns of u."),
      FactorDraw.option([.glorotProduct, .glorotEach, .svd, .zerosLast], default: .glorotProduct),
    ], positional: 1)
  public let options: Options
  private var draw: FactorDraw { options.word("initial").flatMap(FactorDraw.init) ?? .glorotProduct }

  public init(options: Options) { self.options = options }
  public var rank: RankRule? { options.rank("rank") }

  public func parameters(_ shape: WeightShape, rank: Dimension) -> [ParameterSpec] {
    [
      ParameterSpec("u", [Dimension(shape.inputs), rank], kernel: shape.kernel),
      ParameterSpec("v", [rank, Dimension(shape.outputs)], kernel: shape.pointKernel),
    ]
  }
  public func apply(
    _ input: WeightInput, parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> Value {
    let factors = try parameters.named(2)
    return try builder.product([try input.matrix(in: &builder)] + factors)
  }
  public func reconstruct(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> Value {
    let factors = try parameters.named(2)
    return try builder.matmul(factors[0], factors[1])
  }
  public func represent(
    _ dense: Value, shape: WeightShape, rank: Dimension, name: String, key: Value, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    let (u, s, vt) = try builder.truncatedSVD(dense, shape: shape, rank: rank)
    return try splitEvenly(u, s, vt, in: &builder)
  }
  public func initialize(
    dense: Value, shape: WeightShape, rank: Dimension, name: String, key: Value, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    let u = FactorRequest(rows: Dimension(shape.inputs), columns: rank, area: shape.kernelArea, stream: "\(name).u")
    let v = FactorRequest(rows: rank, columns: Dimension(shape.outputs), stream: "\(name).v")
    switch draw {
    case .glorotEach: return [try builder.glorotUniform(u, key: key), try builder.glorotUniform(v, key: key)]
    case .glorotProduct: return try builder.productFactors(like: dense, u, v, shape: shape, key: key)
    case .zerosLast: return [try builder.glorotUniform(u, key: key), try builder.constant(0, shape: [v.rows, v.columns])]
    case .svd, .zerosCore: return try represent(dense, shape: shape, rank: rank, name: name, key: key, in: &builder)
    }
  }
  public func sides(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> Sides? {
    let factors = try parameters.named(2)
    return Sides(left: factors[0], right: factors[1], leftParameter: 0, rightParameter: 1)
  }
  public func fidelity(rank: Int, shape: WeightShape) -> Fidelity { rank >= shape.shortSide ? .exact : .truncating }

  public func productDecay(
    _ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    let factors = try parameters.named(2)
    return [
      try builder.product([factors[0], factors[1], factors[1]], transposes: [false, false, true]),
      try builder.product([factors[0], factors[0], factors[1]], transposes: [true, false, false]),
    ]
  }
  public func singularValues(
    _ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> Value {
    let factors = try parameters.named(2)
    return try builder.singularValues(try builder.orthonormalCore(factors[0], factors[1], rank: rank).core).s
  }
  public func changeRank(_ change: RankChange, in builder: inout Builder) throws(IRError) -> ChangedRank? {
    let factors = try change.parameters.named(2)
    switch change.direction {
    case .unchanged: return ChangedRank(parameters: factors, moments: .padded)
    case .up: return ChangedRank(parameters: try padded(factors, change, in: &builder), moments: .padded)
    case .down:
      let (qu, core, qvt) = try builder.orthonormalCore(factors[0], factors[1], rank: change.from)
      let (p, s, qt) = try builder.singularValues(core)
      let u = try builder.matmul(qu, try builder.leading(p, [change.from, change.to]))
      let vt = try builder.matmul(try builder.leading(qt, [change.to, change.from]), qvt)
      let kept = try splitEvenly(u, try builder.leading(s, [change.to]), vt, in: &builder)
      return ChangedRank(parameters: kept, moments: .throughDense)
    }
  }

  /// New columns of u are Glorot uniform and new rows of v zero: the product stays, and the new rows of v have a gradient at once.
  private func padded(_ factors: [Value], _ change: RankChange, in builder: inout Builder) throws(IRError) -> [Value] {
    let (rows, columns) = (Dimension(change.shape.inputs), Dimension(change.shape.outputs))
    let new = FactorRequest(
      rows: rows, columns: change.to - change.from, area: change.shape.kernelArea, stream: "\(change.name).u")
    let u = try builder.concatenate([factors[0], try builder.glorotUniform(new, key: change.key)], axis: 1)
    return [u, try builder.pad(factors[1], starts: [0, 0], shape: [change.to, columns])]
  }

  /// u sqrt(s) and sqrt(s) vt. A direction without weight would leave both factors at zero, where no gradient reaches them; there the
  /// column of u keeps a thousandth of the largest one's length and v makes up for it, so the product is the same.
  private func splitEvenly(_ u: Value, _ s: Value, _ vt: Value, in builder: inout Builder) throws(IRError) -> [Value] {
    let root = try builder.squareRoot(s)
    let least = try builder.scale(try builder.first(root), by: 1e-3)
    let share = try builder.oneWhereZero(try builder.maximum(root, least))
    return [try builder.scaleColumns(u, by: share), try builder.scaleRows(vt, by: try builder.divide(s, share))]
  }
}
