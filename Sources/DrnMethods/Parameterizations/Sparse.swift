import DrnIR
import DrnNumbers

/// Another form, each of whose trained tensors is w * mask, entry by entry, with w trained and a mask of zeros and ones frozen.
///
/// Tensors keep their shapes, in memory and in products. Outside its mask w begins at zero and has no gradient.
public struct Sparse: MaskedForm {
  private enum Draw: String, CaseIterable { case random, magnitude }

  /// Those whose trained tensors have no zeros of their own at the start, with the draws that have none.
  private static let inner: [any Parameterization.Type] = [
    Dense.self, Factored.self, ThreeFactor.self, Core.self, Tucker.self, CP.self, Power.self,
  ]

  public static let spec = MethodSpec(
    "sparse",
    summary:
      "Another form, each of whose trained tensors is w * mask, w trained and the mask of zeros and ones frozen; on entering the entries of largest magnitude.",
    options: [
      OptionSpec(
        "density", .number(0...1), required: true,
        "The share of the entries of each trained tensor that its mask keeps; their number is rounded down."),
      OptionSpec(
        "of", .method(inner.map { $0.spec.withoutZeroDraws }), default: .word(Dense.spec.name),
        "The form whose trained tensors are masked; of factors each factor is, and not their product."),
      OptionSpec(
        "mask", .word(Draw.allCases.map(\.rawValue)), default: .word(Draw.random.rawValue),
        "At the start of training, random: entries drawn uniformly; magnitude: those of largest magnitude of the first values."),
    ], positional: 1)
  public let options: Options
  private let density: Rational
  private let draw: Draw
  private(set) var inner: any Parameterization

  /// Without a density, which the checker does not let pass, half is kept.
  public init(options: Options) {
    self.options = options
    density = min(max(options.share("density") ?? Rational(nearest: 0.5), 0), 1)
    draw = options.word("mask").flatMap(Draw.init) ?? .random
    inner = options.inner(of: Self.inner)
  }

  public var structure: any Parameterization { inner.structure }
  public var hasMovingBases: Bool { inner.hasMovingBases }
  public func extents(_ shape: WeightShape) -> [ExtentSpec] { inner.extents(shape) }
  public func bound(to extents: [String: Dimension]) -> any Parameterization {
    var copy = self
    copy.inner = inner.bound(to: extents)
    return copy
  }
  public func entries(_ parameters: [Value], in builder: inout Builder) throws(IRError) -> [Value] {
    try inner.entries(try masked(parameters, in: &builder), in: &builder)
  }
  public func represent(
    entries: [Value], shape: WeightShape, rank: Dimension, name: String, key: Value, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    let values = try inner.represent(entries: entries, shape: shape, rank: rank, name: name, key: key, in: &builder)
    return try pruned(values, shape: shape, rank: rank, in: &builder)
  }

  public func activeCount(_ shape: WeightShape, rank: Int) -> Int {
    inner.parameters(shape, rank: Dimension(rank)).reduce(0) { $0 &+ ($1.isTrainable ? density.of($1.count, .down) : $1.count) }
  }
  public var fixesZeros: Bool { inner.fixesZeros }
  public var isMasked: Bool { !keepsAll }

  public var rank: RankRule? { inner.rank }
  /// Outside the mask w is zero, and decay leaves it there.
  public var decaysByItself: Bool { inner.decaysByItself }
  public var secondRank: SecondRank? { inner.secondRank }
  public func obstacle(_ shape: WeightShape) -> FormObstacle? { inner.obstacle(shape) }
  public func departure(_ shape: WeightShape) -> String? { inner.departure(shape) }
  public func basisLimit(_ shape: WeightShape) -> Int { inner.basisLimit(shape) }
  public func content(rank: Int, shape: WeightShape) -> ContentRanks { inner.content(rank: rank, shape: shape) }
  public func fidelity(rank: Int, shape: WeightShape) -> Fidelity { keepsAll ? inner.fidelity(rank: rank, shape: shape) : .truncating }
  public func holds(_ content: ContentRanks, rank: Int, shape: WeightShape) -> Bool {
    keepsAll && inner.holds(content, rank: rank, shape: shape)
  }
  public func contains(_ old: any Parameterization, rank oldRank: Int, at rank: Int, shape: WeightShape) -> Bool {
    rank == oldRank && secondRank?.resolve(shape) == old.secondRank?.resolve(shape)
  }
  public func isSame(as other: any Parameterization) -> Bool {
    guard let other = other as? Sparse else { return false }
    return density == other.density && inner.isSame(as: other.inner)
  }
  private var keepsAll: Bool { density == 1 }

  /// The other form's tensors, then the mask of each that it trains.
  public func parameters(_ shape: WeightShape, rank: Dimension) -> [ParameterSpec] {
    let specs = inner.parameters(shape, rank: rank)
    let values = specs.map { spec in
      ParameterSpec(
        spec.name.isEmpty ? "w" : spec.name, spec.shape, kernel: spec.kernel, isTrainable: spec.isTrainable, orthonormal: spec.orthonormal)
    }
    let masks = specs.filter(\.isTrainable).map { spec in
      ParameterSpec(spec.name.isEmpty ? "mask" : "\(spec.name)_mask", spec.shape, kernel: spec.kernel, isTrainable: false)
    }
    return values + masks
  }
  public func apply(
    _ input: WeightInput, parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> Value {
    try inner.apply(input, parameters: try masked(parameters, in: &builder), shape: shape, rank: rank, in: &builder)
  }
  public func reconstruct(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> Value {
    try inner.reconstruct(try masked(parameters, in: &builder), shape: shape, rank: rank, in: &builder)
  }
  public func represent(
    _ dense: Value, shape: WeightShape, rank: Dimension, name: String, key: Value, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    let values = try inner.represent(dense, shape: shape, rank: rank, name: name, key: key, in: &builder)
    return try pruned(values, shape: shape, rank: rank, in: &builder)
  }
  public func initialize(
    dense: Value, shape: WeightShape, rank: Dimension, name: String, key: Value, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    let values = try inner.initialize(dense: dense, shape: shape, rank: rank, name: name, key: key, in: &builder)
    guard draw == .random else { return try pruned(values, shape: shape, rank: rank, in: &builder) }
    var masks: [Value] = []
    for spec in parameters(shape, rank: rank).dropFirst(values.count) {
      masks.append(try mask(of: try builder.randomUniform(spec.shape, limit: 1, stream: "\(name).\(spec.name)", key: key), in: &builder))
    }
    return try with(masks, values, shape: shape, rank: rank, in: &builder)
  }
  public func sides(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> Sides? { nil }

  /// What is deployed has the zeros in it.
  public var deployedForm: any Parameterization { inner.deployedForm }
  public func deploy(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> [Value] {
    try inner.deploy(try masked(parameters, in: &builder), shape: shape, rank: rank, in: &builder)
  }

  public func gradientEquations(
    _ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> GradientEquations? {
    let values = try masked(parameters, in: &builder)
    guard let equations = try inner.gradientEquations(values, shape: shape, rank: rank, in: &builder) else { return nil }
    let masks = zip(inner.trainedIndices(shape, rank: rank), parameters.dropFirst(values.count))
    return .diagonal(Dictionary(uniqueKeysWithValues: Array(masks)), inner: equations)
  }
  public func pullBackSquared(
    _ dense: Value, parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    let values = try masked(parameters, in: &builder)
    let pulled = try inner.pullBackSquared(dense, parameters: values, shape: shape, rank: rank, in: &builder)
    return try products(pulled, Array(parameters.dropFirst(values.count)), in: &builder)
  }
  public func productDecay(
    _ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    let values = try masked(parameters, in: &builder)
    let decay = try inner.productDecay(values, shape: shape, rank: rank, in: &builder)
    return try products(decay, Array(parameters.dropFirst(values.count)), in: &builder)
  }
  public func singularValues(
    _ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> Value {
    try inner.singularValues(try masked(parameters, in: &builder), shape: shape, rank: rank, in: &builder)
  }
  /// Another rank goes over W: masks are of exact counts.
  public func changeRank(_ change: RankChange, in builder: inout Builder) throws(IRError) -> ChangedRank? {
    keepsShapes(in: change, builder) ? ChangedRank(parameters: change.parameters, moments: .padded) : nil
  }
}

extension Sparse {
  /// Which of the parameters are trained: those of the other form come first, then their masks in order.
  private func trained(_ parameters: [Value]) -> (values: ArraySlice<Value>, indices: [Int]) {
    // Shapes and ranks say nothing of which tensors a form trains.
    let indices = inner.trainedIndices(WeightShape(inputs: 1, outputs: 1), rank: 1)
    return (parameters.dropLast(indices.count), indices)
  }

  public func masks(_ shape: WeightShape, rank: Dimension) -> [(tensor: Int, mask: Int)] {
    let count = inner.parameters(shape, rank: rank).count
    return inner.trainedIndices(shape, rank: rank).enumerated().map { ($0.element, count + $0.offset) }
  }

  /// The parameters of the other form.
  private func masked(_ parameters: [Value], in builder: inout Builder) throws(IRError) -> [Value] {
    let (values, indices) = trained(parameters)
    var masked = Array(values)
    for (index, mask) in zip(indices, parameters.dropFirst(values.count)) { masked[index] = try builder.multiply(masked[index], mask) }
    return masked
  }

  /// Values of the other form and their masks by magnitude.
  private func pruned(_ values: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> [Value] {
    var masks: [Value] = []
    for index in inner.trainedIndices(shape, rank: rank) { masks.append(try mask(of: values[index], in: &builder)) }
    return try with(masks, values, shape: shape, rank: rank, in: &builder)
  }

  private func with(
    _ masks: [Value], _ values: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    var values = values
    for (index, mask) in zip(inner.trainedIndices(shape, rank: rank), masks) { values[index] = try builder.multiply(values[index], mask) }
    return values + masks
  }

  private func mask(of value: Value, in builder: inout Builder) throws(IRError) -> Value {
    try builder.largest(value, density.numerator, of: density.denominator)
  }

  private func products(_ left: [Value], _ right: [Value], in builder: inout Builder) throws(IRError) -> [Value] {
    var products: [Value] = []
    for (one, other) in zip(left, right) { products.append(try builder.multiply(one, other)) }
    return products
  }
}
