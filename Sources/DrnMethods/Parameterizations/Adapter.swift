import DrnIR

/// W = base + (alpha / rank) d with the base frozen and d = a b, or a Tucker or CP chain; d starts at zero, so the function is unchanged
/// when the form begins.
public struct Adapter: Parameterization {
  /// The form of the trained product, with the parameter that starts at zero and the published alpha.
  private enum Delta: String, CaseIterable {
    case factored, tucker, cp

    var zero: Int {
      switch self {
      case .factored, .tucker: 1
      case .cp: 3
      }
    }
    var alpha: Int {
      switch self {
      case .factored: 16
      case .tucker: 1
      case .cp: 64
      }
    }
    func form(_ options: Options) -> any Parameterization {
      switch self {
      case .factored: Factored(options: options)
      case .tucker: Tucker(options: options)
      case .cp: CP(options: options)
      }
    }
  }

  public static let spec = MethodSpec(
    "adapter", summary: "W = base + (alpha / rank) a b, the base frozen, a Glorot uniform and b zero at the start.",
    source: "arXiv 2106.09685; the \"deflate\" of the code of arXiv 2508.08625",
    options: [
      OptionSpec("rank", .rank, required: true, "The number of columns of a."),
      OptionSpec(
        "alpha", .number(0...1e6), "The product is scaled by alpha / rank; by default 16, or 1 for `tucker` and 64 for `cp`, as published."),
      OptionSpec(
        "form", .word(Delta.allCases.map(\.rawValue)), default: .word(Delta.factored.rawValue),
        "What takes the place of a b: factored: a b itself; tucker, whose core starts at zero; cp, whose last factor starts at zero."),
    ], positional: 1)
  public let options: Options
  private let alpha: Double
  private let delta: Delta
  private let product: any Parameterization

  public init(options: Options) {
    delta = options.word("form").flatMap(Delta.init) ?? .factored
    product = delta.form(options)
    alpha = options.number("alpha") ?? Double(delta.alpha)
    self.options = options["alpha"] == nil ? options.replacing(["alpha": .integer(delta.alpha)]) : options
  }
  public var rank: RankRule? { options.rank("rank") }
  public func obstacle(_ shape: WeightShape) -> FormObstacle? { product.obstacle(shape) }
  public func departure(_ shape: WeightShape) -> String? { product.departure(shape) }
  public func basisLimit(_ shape: WeightShape) -> Int { product.basisLimit(shape) }
  /// The adapter merges into its base.
  public var deployedForm: any Parameterization { Dense(options: Options(defaultsOf: Dense.spec)) }
  public func deploy(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> [Value] {
    [try reconstruct(parameters, shape: shape, rank: rank, in: &builder)]
  }
  public func scale(rank: Int) -> Double? { alpha / Double(max(1, rank)) }

  public func parameters(_ shape: WeightShape, rank: Dimension) -> [ParameterSpec] {
    let base = ParameterSpec("base", [Dimension(shape.inputs), Dimension(shape.outputs)], kernel: shape.kernel, isTrainable: false)
    return [base]
      + product.parameters(shape, rank: rank).map { spec in
        ParameterSpec(["u": "a", "v": "b"][spec.name] ?? spec.name, spec.shape, kernel: spec.kernel)
      }
  }
  public func apply(
    _ input: WeightInput, parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> Value {
    let (base, factors) = try split(parameters)
    let through = try product.apply(input, parameters: factors, shape: shape, rank: rank, in: &builder)
    let rows = try input.matrix(in: &builder)
    return try builder.add(try builder.matmul(rows, base), try builder.multiply(through, try scale(rank, &builder)))
  }
  public func reconstruct(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> Value {
    let (base, factors) = try split(parameters)
    let product = try product.reconstruct(factors, shape: shape, rank: rank, in: &builder)
    return try builder.add(base, try builder.multiply(product, try scale(rank, &builder)))
  }
  public func represent(
    _ dense: Value, shape: WeightShape, rank: Dimension, name: String, key: Value, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    let specs = Array(parameters(shape, rank: rank).dropFirst())
    return [dense] + (try builder.drawEach(specs, of: name, zero: delta.zero, key: key))
  }
  public func initialize(
    dense: Value, shape: WeightShape, rank: Dimension, name: String, key: Value, in builder: inout Builder
  ) throws(IRError) -> [Value] { try represent(dense, shape: shape, rank: rank, name: name, key: key, in: &builder) }
  public func sides(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> Sides? { nil }
  public func fidelity(rank: Int, shape: WeightShape) -> Fidelity { .additive }

  /// With t = alpha / rank the gradients of a and b are G (t b)^T and (t a)^T G, and those of a chain's factors t times what they are without
  /// a scale.
  public func gradientEquations(
    _ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> GradientEquations? {
    let factors = try split(parameters).factors
    let scale = try scale(rank, &builder)
    switch try product.gradientEquations(factors, shape: shape, rank: rank, in: &builder) {
    case .twoSided(let left, let leftParameter, let right, let rightParameter)?:
      return .twoSided(
        left: try builder.multiply(left, scale), leftParameter: leftParameter + 1, right: try builder.multiply(right, scale),
        rightParameter: rightParameter + 1)
    case .chain(let chain)?: return .chain(chain.scaled(by: scale, after: 1))
    case .whole?, .projected?, .blocks?, .diagonal?, nil: return nil
    }
  }
  public func pullBackSquared(
    _ dense: Value, parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    let factors = try split(parameters).factors
    let square = try builder.square(try scale(rank, &builder))
    var pulled: [Value] = []
    for value in try product.pullBackSquared(dense, parameters: factors, shape: shape, rank: rank, in: &builder) {
      pulled.append(try builder.multiply(value, square))
    }
    return pulled
  }

  private func split(_ parameters: [Value]) throws(IRError) -> (base: Value, factors: [Value]) {
    guard let base = parameters.first else { throw IRError("an adapter without a base") }
    return (base, Array(parameters.dropFirst()))
  }
  private func scale(_ rank: Dimension, _ builder: inout Builder) throws(IRError) -> Value {
    try builder.divide(try builder.constant(alpha), try builder.extent(rank))
  }
}
