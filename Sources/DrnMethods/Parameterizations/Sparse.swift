import DrnIR
import DrnNumbers

/// W = w * mask, entry by entry, with w trained and a mask of zeros and ones frozen.
///
/// W keeps the shape of a dense matrix, in memory and in products. Outside the mask w begins at zero and has no gradient.
public struct Sparse: MaskedForm {
  private enum Draw: String, CaseIterable { case random, magnitude }

  public static let spec = MethodSpec(
    "sparse", summary: "W = w * mask, w trained and the mask of zeros and ones frozen; from a dense W its entries of largest magnitude.",
    options: [
      OptionSpec(
        "density", .number(0...1), required: true, "The share of the entries that the mask keeps; their number is rounded down."),
      OptionSpec(
        "mask", .word(Draw.allCases.map(\.rawValue)), default: .word(Draw.random.rawValue),
        "At the start of training, random: entries drawn uniformly; magnitude: those of largest magnitude of the dense initialization."),
    ], positional: 1)
  public let options: Options
  private let density: Rational
  private let draw: Draw

  /// Without a density, which the checker does not let pass, half is kept.
  public init(options: Options) {
    self.options = options
    density = options.share("density") ?? Rational(nearest: 0.5)
    draw = options.word("mask").flatMap(Draw.init) ?? .random
  }

  public var rank: RankRule? { nil }
  /// Outside the mask w is zero, and decay leaves it there.
  public var decaysByItself: Bool { true }
  public func fidelity(rank: Int, shape: WeightShape) -> Fidelity { kept(shape) == size(shape) ? .exact : .truncating }
  public func holds(_ content: ContentRanks, rank: Int, shape: WeightShape) -> Bool { kept(shape) == size(shape) }
  public func isSame(as other: any Parameterization) -> Bool { (other as? Sparse)?.density == density }

  /// The number of entries that the mask keeps.
  func kept(_ shape: WeightShape) -> Int { min(max(density, 0), 1).of(size(shape), .down) }
  private func size(_ shape: WeightShape) -> Int {
    let (size, overflow) = shape.inputs.multipliedReportingOverflow(by: shape.outputs)
    return overflow ? .max : size
  }

  public func parameters(_ shape: WeightShape, rank: Dimension) -> [ParameterSpec] {
    let extents = [Dimension(shape.inputs), Dimension(shape.outputs)]
    return [ParameterSpec("w", extents, kernel: shape.kernel), ParameterSpec("mask", extents, kernel: shape.kernel, isTrainable: false)]
  }
  public func apply(
    _ input: WeightInput, parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> Value {
    let masked = try reconstruct(parameters, shape: shape, rank: rank, in: &builder)
    return try dense.apply(input, parameters: [masked], shape: shape, rank: rank, in: &builder)
  }
  public func reconstruct(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> Value {
    let parts = try parameters.named(2)
    return try builder.multiply(parts[0], parts[1])
  }
  public func represent(
    _ dense: Value, shape: WeightShape, rank: Dimension, name: String, key: Value, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    let mask = try builder.largest(dense, count: kept(shape))
    return [try builder.multiply(dense, mask), mask]
  }
  public func initialize(
    dense: Value, shape: WeightShape, rank: Dimension, name: String, key: Value, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    guard draw == .random else { return try represent(dense, shape: shape, rank: rank, name: name, key: key, in: &builder) }
    let order = try builder.randomUniform(builder.type(of: dense).shape, limit: 1, stream: "\(name).mask", key: key)
    let mask = try builder.largest(order, count: kept(shape))
    return [try builder.multiply(dense, mask), mask]
  }
  public func sides(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> Sides? { nil }

  /// What is deployed has the zeros in it.
  public var deployedForm: any Parameterization { dense }
  public func deploy(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> [Value] {
    [try reconstruct(parameters, shape: shape, rank: rank, in: &builder)]
  }

  public func gradientEquations(
    _ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> GradientEquations? { .diagonal([0: try parameters.named(2)[1]], inner: .whole(parameter: 0)) }
  public func singularValues(
    _ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> Value {
    let masked = try reconstruct(parameters, shape: shape, rank: rank, in: &builder)
    return try dense.singularValues([masked], shape: shape, rank: rank, in: &builder)
  }
  public func changeRank(_ change: RankChange, in builder: inout Builder) throws(IRError) -> ChangedRank? {
    ChangedRank(parameters: change.parameters, moments: .padded)
  }

  public func masks(_ shape: WeightShape, rank: Dimension) -> [(tensor: Int, mask: Int)] { [(0, 1)] }

  private var dense: Dense { Dense(options: Options(defaultsOf: Dense.spec)) }
}
