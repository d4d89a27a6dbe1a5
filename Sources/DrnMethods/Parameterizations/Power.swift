import DrnIR

/// Another form whose trained tensors enter as powers of what is trained: theta |theta|^(exponent - 1) for every entry theta.
///
/// A step on W is larger where W is: to first order exponent^2 |W|^(2 - 2 / exponent) times that of the other form, so that small entries stay
/// small. An entry at zero has no gradient and stays there.
public struct Power: Parameterization {
  /// Those whose parameters have no zeros of their own, with the draws that have none.
  private static let inner: [any Parameterization.Type] = [Dense.self, Factored.self, Tucker.self, CP.self]

  public static let spec = MethodSpec(
    "power", summary: "Another form, each of whose trained entries is theta |theta|^(exponent - 1), with theta trained.",
    source: "Powerpropagation, arXiv 2110.00296; there of W itself",
    options: [
      OptionSpec("exponent", .number(1...100), required: true, "The exponent; at 1 the form is the other one."),
      OptionSpec(
        "of", .method(inner.map { $0.spec.withoutZeroDraws }), default: .word(Dense.spec.name),
        "The form whose trained tensors are powers; of factors the factors are, and not their product."),
    ], positional: 1)
  public let options: Options
  let exponent: Double
  private(set) var inner: any Parameterization
  private var isPlain: Bool { exponent == 1 }

  /// Without an exponent, which the checker does not let pass, it is 2.
  public init(options: Options) {
    self.options = options
    exponent = options.number("exponent") ?? 2
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
    try inner.entries(try powers(parameters, in: &builder), in: &builder)
  }
  public func represent(
    entries: [Value], shape: WeightShape, rank: Dimension, name: String, key: Value, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    try roots(try inner.represent(entries: entries, shape: shape, rank: rank, name: name, key: key, in: &builder), in: &builder)
  }

  public func activeCount(_ shape: WeightShape, rank: Int) -> Int { inner.activeCount(shape, rank: rank) }
  public var fixesZeros: Bool { !isPlain || inner.fixesZeros }

  public var rank: RankRule? { inner.rank }
  public var isReparameterized: Bool { !isPlain || inner.isReparameterized }
  public func obstacle(_ shape: WeightShape) -> FormObstacle? { inner.obstacle(shape) }
  public func departure(_ shape: WeightShape) -> String? { inner.departure(shape) }
  public func basisLimit(_ shape: WeightShape) -> Int { inner.basisLimit(shape) }
  public func content(rank: Int, shape: WeightShape) -> ContentRanks { inner.content(rank: rank, shape: shape) }
  public func holds(_ content: ContentRanks, rank: Int, shape: WeightShape) -> Bool { inner.holds(content, rank: rank, shape: shape) }
  public func contains(_ old: any Parameterization, rank oldRank: Int, at rank: Int, shape: WeightShape) -> Bool {
    rank == oldRank && secondRank?.resolve(shape) == old.secondRank?.resolve(shape)
  }
  public var secondRank: SecondRank? { inner.secondRank }
  public func fidelity(rank: Int, shape: WeightShape) -> Fidelity { inner.fidelity(rank: rank, shape: shape) }
  public var hasConsistentMoments: Bool { inner.hasConsistentMoments }
  public func determinesDenseMoment(rank: Int, shape: WeightShape) -> Bool { inner.determinesDenseMoment(rank: rank, shape: shape) }
  public func isSame(as other: any Parameterization) -> Bool {
    guard let other = other as? Power else { return false }
    return exponent == other.exponent && inner.isSame(as: other.inner)
  }

  public func parameters(_ shape: WeightShape, rank: Dimension) -> [ParameterSpec] {
    inner.parameters(shape, rank: rank).map { spec in
      ParameterSpec(spec.name.isEmpty ? "theta" : "\(spec.name)_theta", spec.shape, kernel: spec.kernel)
    }
  }
  public func apply(
    _ input: WeightInput, parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> Value {
    try inner.apply(input, parameters: try powers(parameters, in: &builder), shape: shape, rank: rank, in: &builder)
  }
  public func reconstruct(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> Value {
    try inner.reconstruct(try powers(parameters, in: &builder), shape: shape, rank: rank, in: &builder)
  }
  public func represent(
    _ dense: Value, shape: WeightShape, rank: Dimension, name: String, key: Value, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    try roots(try inner.represent(dense, shape: shape, rank: rank, name: name, key: key, in: &builder), in: &builder)
  }
  /// The entries of the other form are those it draws by itself, whatever the exponent.
  public func initialize(
    dense: Value, shape: WeightShape, rank: Dimension, name: String, key: Value, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    try roots(try inner.initialize(dense: dense, shape: shape, rank: rank, name: name, key: key, in: &builder), in: &builder)
  }
  public func sides(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> Sides? { nil }

  public var deployedForm: any Parameterization { inner.deployedForm }
  public func deploy(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> [Value] {
    try inner.deploy(try powers(parameters, in: &builder), shape: shape, rank: rank, in: &builder)
  }

  public func gradientEquations(
    _ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> GradientEquations? {
    let powers = try powers(parameters, in: &builder)
    let equations = try inner.gradientEquations(powers, shape: shape, rank: rank, in: &builder)
    guard !isPlain, let equations else { return equations }
    let slopes = try slopes(parameters, in: &builder)
    return .diagonal(Dictionary(uniqueKeysWithValues: zip(slopes.indices, slopes)), inner: equations)
  }
  public func pullBackSquared(
    _ dense: Value, parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    let powers = try powers(parameters, in: &builder)
    let pulled = try inner.pullBackSquared(dense, parameters: powers, shape: shape, rank: rank, in: &builder)
    guard !isPlain else { return pulled }
    var squares: [Value] = []
    for slope in try slopes(parameters, in: &builder) { squares.append(try builder.square(slope)) }
    return try products(pulled, squares, in: &builder)
  }
  public func productDecay(
    _ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    let powers = try powers(parameters, in: &builder)
    let decay = try inner.productDecay(powers, shape: shape, rank: rank, in: &builder)
    return isPlain ? decay : try products(decay, try slopes(parameters, in: &builder), in: &builder)
  }
  public func singularValues(
    _ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> Value {
    try inner.singularValues(try powers(parameters, in: &builder), shape: shape, rank: rank, in: &builder)
  }
  /// Another rank goes over W: what the other form pads with zeros would stay there.
  public func changeRank(_ change: RankChange, in builder: inout Builder) throws(IRError) -> ChangedRank? {
    keepsShapes(in: change, builder) ? ChangedRank(parameters: change.parameters, moments: .padded) : nil
  }

  /// The parameters of the other form.
  private func powers(_ parameters: [Value], in builder: inout Builder) throws(IRError) -> [Value] {
    guard !isPlain else { return parameters }
    var powers: [Value] = []
    for parameter in parameters { powers.append(try builder.power(parameter, exponent: exponent)) }
    return powers
  }

  /// The derivatives of `powers`, entry by entry.
  private func slopes(_ parameters: [Value], in builder: inout Builder) throws(IRError) -> [Value] {
    var slopes: [Value] = []
    for parameter in parameters { slopes.append(try builder.powerDerivative(parameter, exponent: exponent)) }
    return slopes
  }

  private func products(_ left: [Value], _ right: [Value], in builder: inout Builder) throws(IRError) -> [Value] {
    var products: [Value] = []
    for (one, other) in zip(left, right) { products.append(try builder.multiply(one, other)) }
    return products
  }

  /// What has these powers: sign(p) |p|^(1 / exponent), by a square root where that is it, else by logarithms; 0 for 0.
  private func roots(_ powers: [Value], in builder: inout Builder) throws(IRError) -> [Value] {
    guard !isPlain else { return powers }
    var roots: [Value] = []
    for power in powers {
      let size = try builder.emitOne(.absolute, [power])
      let root =
        exponent == 2
        ? try builder.squareRoot(size)
        : try builder.emitOne(.exponential, [try builder.scale(try builder.emitOne(.logarithm, [size]), by: 1 / exponent)])
      roots.append(try builder.multiply(try builder.emitOne(.sign, [power]), root))
    }
    return roots
  }
}
