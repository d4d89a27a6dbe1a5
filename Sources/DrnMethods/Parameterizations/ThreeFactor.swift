import DrnIR

/// W = u s v with all three trained: u inputs x rank, s rank x rank, v rank x outputs. Nothing keeps u and v orthonormal.
public struct ThreeFactor: Parameterization {
  public static let spec = MethodSpec(
    "three_factor",
    summary: "W = u s v, all three trained; from a dense W by truncated SVD, with the singular values on the diagonal of s.",
    options: [
      OptionSpec("rank", .rank, required: true, "The extents of s."),
      FactorDraw.option([.svd, .glorotProduct, .glorotEach], default: .svd),
    ], positional: 1)
  public let options: Options
  private var draw: FactorDraw { options.word("initial").flatMap(FactorDraw.init) ?? .svd }

  public init(options: Options) { self.options = options }
  public var rank: RankRule? { options.rank("rank") }

  public func parameters(_ shape: WeightShape, rank: Dimension) -> [ParameterSpec] {
    [
      ParameterSpec("u", [Dimension(shape.inputs), rank], kernel: shape.kernel),
      ParameterSpec("s", [rank, rank], kernel: shape.pointKernel),
      ParameterSpec("v", [rank, Dimension(shape.outputs)], kernel: shape.pointKernel),
    ]
  }
  public func apply(
    _ input: WeightInput, parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> Value {
    let factors = try parameters.named(3)
    return try builder.product([try input.matrix(in: &builder)] + factors)
  }
  public func reconstruct(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> Value {
    try builder.product(try parameters.named(3))
  }
  /// s merges into u.
  public var deployedForm: any Parameterization { Factored(options: options) }
  public func deploy(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> [Value] {
    let factors = try parameters.named(3)
    return [try builder.matmul(factors[0], factors[1]), factors[2]]
  }
  public func represent(
    _ dense: Value, shape: WeightShape, rank: Dimension, name: String, key: Value, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    let (u, s, vt) = try builder.truncatedSVD(dense, shape: shape, rank: rank)
    return [u, try builder.diagonal(s), vt]
  }
  public func initialize(
    dense: Value, shape: WeightShape, rank: Dimension, name: String, key: Value, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    let u = FactorRequest(rows: Dimension(shape.inputs), columns: rank, area: shape.kernelArea, stream: "\(name).u")
    let v = FactorRequest(rows: rank, columns: Dimension(shape.outputs), stream: "\(name).v")
    switch draw {
    case .glorotEach:
      let s = FactorRequest(rows: rank, columns: rank, stream: "\(name).s")
      return [
        try builder.glorotUniform(u, key: key), try builder.glorotUniform(s, key: key), try builder.glorotUniform(v, key: key),
      ]
    case .glorotProduct:
      let outer = try builder.productFactors(like: dense, u, v, shape: shape, key: key)
      return [outer[0], try builder.diagonal(try builder.constant(1, shape: [rank])), outer[1]]
    case .svd, .zerosLast, .zerosCore: return try represent(dense, shape: shape, rank: rank, name: name, key: key, in: &builder)
    }
  }
  public func sides(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> Sides? { nil }
  public func fidelity(rank: Int, shape: WeightShape) -> Fidelity { rank >= shape.shortSide ? .exact : .truncating }

  /// The gradients of u and v are G (s v)^T and (u s)^T G; that of s follows from them wherever s is invertible, and is not used.
  public func gradientEquations(
    _ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> GradientEquations? {
    let factors = try parameters.named(3)
    return .twoSided(
      left: try builder.matmul(factors[0], factors[1]), leftParameter: 0, right: try builder.matmul(factors[1], factors[2]),
      rightParameter: 2)
  }
  /// Entries of the Jacobian are sums over s, so their squares are taken after the sum: with G2 the squared gradients, G2 ((s v)^2)^T,
  /// (u^2)^T G2 (v^2)^T and ((u s)^2)^T G2.
  public func pullBackSquared(
    _ dense: Value, parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    let factors = try parameters.named(3)
    let left = try builder.square(try builder.matmul(factors[0], factors[1]))
    let right = try builder.square(try builder.matmul(factors[1], factors[2]))
    let (u, v) = (try builder.square(factors[0]), try builder.square(factors[2]))
    return [
      try builder.matmul(dense, right, transposeRight: true), try builder.product([u, dense, v], transposes: [true, false, true]),
      try builder.matmul(left, dense, transposeLeft: true),
    ]
  }
  public func singularValues(
    _ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> Value {
    let factors = try parameters.named(3)
    let left = try builder.matmul(factors[0], factors[1])
    return try builder.singularValues(try builder.orthonormalCore(left, factors[2], rank: rank).core).s
  }
  public func changeRank(_ change: RankChange, in builder: inout Builder) throws(IRError) -> ChangedRank? {
    let factors = try change.parameters.named(3)
    switch change.direction {
    case .unchanged: return ChangedRank(parameters: factors, moments: .padded)
    case .up: return ChangedRank(parameters: try padded(factors, change, in: &builder), moments: .padded)
    case .down:
      let left = try builder.matmul(factors[0], factors[1])
      let (qu, core, qvt) = try builder.orthonormalCore(left, factors[2], rank: change.from)
      let (p, s, qt) = try builder.singularValues(core)
      let u = try builder.matmul(qu, try builder.leading(p, [change.from, change.to]))
      let v = try builder.matmul(try builder.leading(qt, [change.to, change.from]), qvt)
      return ChangedRank(parameters: [u, try builder.diagonal(try builder.leading(s, [change.to])), v], moments: .throughDense)
    }
  }

  /// New columns of u and rows of v are Glorot uniform and s grows by zeros: the product stays, and the new part of s has a gradient
  /// at once.
  private func padded(_ factors: [Value], _ change: RankChange, in builder: inout Builder) throws(IRError) -> [Value] {
    let added = change.to - change.from
    let u = FactorRequest(
      rows: Dimension(change.shape.inputs), columns: added, area: change.shape.kernelArea, stream: "\(change.name).u")
    let v = FactorRequest(rows: added, columns: Dimension(change.shape.outputs), stream: "\(change.name).v")
    return [
      try builder.concatenate([factors[0], try builder.glorotUniform(u, key: change.key)], axis: 1),
      try builder.pad(factors[1], starts: [0, 0], shape: [change.to, change.to]),
      try builder.concatenate([factors[2], try builder.glorotUniform(v, key: change.key)], axis: 0),
    ]
  }
}
