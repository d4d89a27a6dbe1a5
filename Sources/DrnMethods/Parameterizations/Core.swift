import DrnIR

/// W = u s v with orthonormal bases u (inputs x rank) and v (rank x outputs) and a trained dense s (rank x rank). The bases are frozen, or
/// move by an update that keeps them orthonormal.
public struct Core: Parameterization {
  public static let spec = MethodSpec(
    "core", summary: "W = u s v with orthonormal bases u and v, frozen or moving, and a trained dense s.",
    source: "OIALR, arXiv 2401.08505; moving bases: DLRT, arXiv 2205.13571",
    options: [
      OptionSpec("rank", .rank, required: true, "The extents of s."),
      OptionSpec(
        "bases", .word(["frozen", "moving"]), default: .word("frozen"), "Whether the bases stay, or move by `update: basis_update(...)`."),
    ], positional: 1)
  public let options: Options
  public init(options: Options) { self.options = options }
  public var rank: RankRule? { options.rank("rank") }
  /// Whether an update must move the bases.
  var hasMovingBases: Bool { options.word("bases") == "moving" }

  public func parameters(_ shape: WeightShape, rank: Dimension) -> [ParameterSpec] {
    [
      ParameterSpec("u", [Dimension(shape.inputs), rank], kernel: shape.kernel, isTrainable: false, orthonormal: .columns),
      ParameterSpec("s", [rank, rank], kernel: shape.pointKernel),
      ParameterSpec("v", [rank, Dimension(shape.outputs)], kernel: shape.pointKernel, isTrainable: false, orthonormal: .rows),
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
  ) throws(IRError) -> [Value] { try represent(dense, shape: shape, rank: rank, name: name, key: key, in: &builder) }
  public func sides(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> Sides? { nil }
  public func fidelity(rank: Int, shape: WeightShape) -> Fidelity { rank >= shape.shortSide ? .exact : .truncating }
  public var hasConsistentMoments: Bool { true }
  /// The bases of a full-rank core leave out a part of a moment unless the matrix is square.
  public func determinesDenseMoment(rank: Int, shape: WeightShape) -> Bool { rank >= max(shape.inputs, shape.outputs) }

  public func gradientEquations(
    _ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> GradientEquations? {
    let factors = try parameters.named(3)
    return .projected(left: factors[0], right: factors[2], parameter: 1)
  }
  /// The bases are orthonormal, so the norm of W is that of s.
  public func productDecay(
    _ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    [try parameters.named(3)[1]]
  }
  public func singularValues(
    _ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> Value {
    try builder.singularValues(try parameters.named(3)[1]).s
  }
  public func changeRank(_ change: RankChange, in builder: inout Builder) throws(IRError) -> ChangedRank? {
    let factors = try change.parameters.named(3)
    switch change.direction {
    case .unchanged: return ChangedRank(parameters: factors, moments: .padded)
    case .up: return ChangedRank(parameters: try widened(factors, change, in: &builder), moments: .padded)
    case .down:
      // s = p diag(sigma) qt: the bases turn to u p and qt v, and the leading block stays.
      let (p, s, qt) = try builder.singularValues(factors[1])
      let left = try builder.leading(p, [change.from, change.to])
      let right = try builder.leading(qt, [change.to, change.from])
      let kept = [
        try builder.matmul(factors[0], left), try builder.diagonal(try builder.leading(s, [change.to])),
        try builder.matmul(right, factors[2]),
      ]
      return ChangedRank(parameters: kept, moments: .rotated(left: left, right: try builder.transpose(right)))
    }
  }

  /// New directions orthogonal to the bases, with zeros in s: the product stays, and the new part of s has a gradient at once.
  private func widened(_ factors: [Value], _ change: RankChange, in builder: inout Builder) throws(IRError) -> [Value] {
    let added = change.to - change.from
    let columns = FactorRequest(
      rows: Dimension(change.shape.inputs), columns: added, area: change.shape.kernelArea, stream: "\(change.name).u")
    let rows = FactorRequest(rows: Dimension(change.shape.outputs), columns: added, stream: "\(change.name).v")
    let right = try builder.transpose(factors[2])
    let u = try complemented(factors[0], by: columns, key: change.key, in: &builder)
    let v = try complemented(right, by: rows, key: change.key, in: &builder)
    return [u, try builder.pad(factors[1], starts: [0, 0], shape: [change.to, change.to]), try builder.transpose(v)]
  }

  /// The basis with random orthonormal columns orthogonal to it. Projected out twice: once leaves an error that matters near full rank
  /// (Giraud, Langou and Rozloznik 2005).
  private func complemented(_ basis: Value, by request: FactorRequest, key: Value, in builder: inout Builder) throws(IRError) -> Value {
    var new = try builder.randomNormal([request.rows, request.columns], deviation: 1, stream: request.stream, key: key)
    for _ in 0..<2 {
      let inside = try builder.matmul(basis, try builder.matmul(basis, new, transposeLeft: true))
      new = try builder.basis(try builder.subtract(new, inside), k: request.columns)
    }
    return try builder.concatenate([basis, new], axis: 1)
  }
}
