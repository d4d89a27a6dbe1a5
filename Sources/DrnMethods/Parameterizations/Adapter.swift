import DrnIR

/// W = base + (alpha / rank) a b with the base frozen; b starts at zero, so the function is unchanged when the form begins.
public struct Adapter: Parameterization {
  public static let spec = MethodSpec(
    "adapter", summary: "W = base + (alpha / rank) a b, the base frozen, a Glorot uniform and b zero at the start.",
    source: "arXiv 2106.09685; the \"deflate\" of the code of arXiv 2508.08625 with alpha 16",
    options: [
      OptionSpec("rank", .rank, required: true, "The number of columns of a."),
      OptionSpec("alpha", .number(0...1e6), default: .integer(16), "The product is scaled by alpha / rank."),
    ], positional: 1)
  public let options: Options
  let alpha: Double
  public init(options: Options) {
    self.options = options
    alpha = options.number("alpha") ?? 16
  }
  public var rank: RankRule? { options.rank("rank") }

  public func parameters(_ shape: WeightShape, rank: Dimension) -> [ParameterSpec] {
    let (rows, columns) = (Dimension(shape.inputs), Dimension(shape.outputs))
    return [
      ParameterSpec("base", [rows, columns], isTrainable: false), ParameterSpec("a", [rows, rank]), ParameterSpec("b", [rank, columns]),
    ]
  }
  public func apply(
    _ input: Value, parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> Value {
    let factors = try parameters.named(3)
    let through = try builder.product([input, factors[1], factors[2]])
    return try builder.add(try builder.matmul(input, factors[0]), try builder.multiply(through, try scale(rank, &builder)))
  }
  public func reconstruct(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> Value {
    let factors = try parameters.named(3)
    let product = try builder.matmul(factors[1], factors[2])
    return try builder.add(factors[0], try builder.multiply(product, try scale(rank, &builder)))
  }
  public func represent(
    _ dense: Value, shape: WeightShape, rank: Dimension, name: String, key: Value, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    let a = FactorRequest(rows: Dimension(shape.inputs), columns: rank, stream: "\(name).a")
    return [dense, try builder.glorotUniform(a, key: key), try builder.constant(0, shape: [rank, Dimension(shape.outputs)])]
  }
  public func initialize(
    dense: Value, shape: WeightShape, rank: Dimension, name: String, key: Value, in builder: inout Builder
  ) throws(IRError) -> [Value] { try represent(dense, shape: shape, rank: rank, name: name, key: key, in: &builder) }
  public func sides(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> Sides? { nil }
  public func fidelity(rank: Int, shape: WeightShape) -> Fidelity { .additive }

  /// With t = alpha / rank the gradients of a and b are G (t b)^T and (t a)^T G.
  public func gradientEquations(
    _ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> GradientEquations? {
    let factors = try parameters.named(3)
    let scale = try scale(rank, &builder)
    return .twoSided(
      left: try builder.multiply(factors[1], scale), leftParameter: 1, right: try builder.multiply(factors[2], scale), rightParameter: 2)
  }
  public func pullBackSquared(
    _ dense: Value, parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    let factors = try parameters.named(3)
    let scale = try scale(rank, &builder)
    let left = try builder.square(try builder.multiply(factors[1], scale))
    let right = try builder.square(try builder.multiply(factors[2], scale))
    return [try builder.matmul(dense, right, transposeRight: true), try builder.matmul(left, dense, transposeLeft: true)]
  }

  private func scale(_ rank: Dimension, _ builder: inout Builder) throws(IRError) -> Value {
    try builder.divide(try builder.constant(alpha), try builder.extent(rank))
  }
}
