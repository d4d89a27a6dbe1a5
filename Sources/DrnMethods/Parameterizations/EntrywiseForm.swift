import DrnIR

/// Another form whose trained tensors are computed, entry by entry, from what is trained here. What holds of the other form holds of this one
/// where it states nothing else.
protocol EntrywiseForm: Parameterization {
  /// The other form.
  var inner: any Parameterization { get set }
  /// The parameters of the other form that these give.
  func innerParameters(_ parameters: [Value], in builder: inout Builder) throws(IRError) -> [Value]
  /// Parameters for those of the other form, exactly where there are such.
  func ownParameters(_ innerParameters: [Value], in builder: inout Builder) throws(IRError) -> [Value]
  /// The derivatives of the other form's trained tensors by those here, in order; `nil` where the two are the same.
  func slopes(_ parameters: [Value], in builder: inout Builder) throws(IRError) -> [Value]?
  /// The squares of slopes.
  func squares(_ slopes: [Value], in builder: inout Builder) throws(IRError) -> [Value]
}

extension EntrywiseForm {
  public var rank: RankRule? { inner.rank }
  public var secondRank: SecondRank? { inner.secondRank }
  public var structure: any Parameterization { inner.structure }
  public var deployedForm: any Parameterization { inner.deployedForm }
  public var hasMovingBases: Bool { inner.hasMovingBases }
  public var fixesZeros: Bool { inner.fixesZeros }
  public func extents(_ shape: WeightShape) -> [ExtentSpec] { inner.extents(shape) }
  public func bound(to extents: [String: Dimension]) -> any Parameterization {
    var copy = self
    copy.inner = inner.bound(to: extents)
    return copy
  }
  public func obstacle(_ shape: WeightShape) -> FormObstacle? { inner.obstacle(shape) }
  public func departure(_ shape: WeightShape) -> String? { inner.departure(shape) }
  public func basisLimit(_ shape: WeightShape) -> Int { inner.basisLimit(shape) }
  public func homogeneity(_ shape: WeightShape) -> Double? { inner.homogeneity(shape) }
  public func activeCount(_ shape: WeightShape, rank: Int) -> Int { inner.activeCount(shape, rank: rank) }
  public func content(rank: Int, shape: WeightShape) -> ContentRanks { inner.content(rank: rank, shape: shape) }
  public func fidelity(rank: Int, shape: WeightShape) -> Fidelity { inner.fidelity(rank: rank, shape: shape) }
  public func holds(_ content: ContentRanks, rank: Int, shape: WeightShape) -> Bool { inner.holds(content, rank: rank, shape: shape) }
  public func contains(_ old: any Parameterization, rank oldRank: Int, at rank: Int, shape: WeightShape) -> Bool {
    rank == oldRank && secondRank?.resolve(shape) == old.secondRank?.resolve(shape)
  }

  public func entries(_ parameters: [Value], in builder: inout Builder) throws(IRError) -> [Value] {
    try inner.entries(try innerParameters(parameters, in: &builder), in: &builder)
  }
  public func represent(
    entries: [Value], shape: WeightShape, rank: Dimension, name: String, key: Value, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    try ownParameters(try inner.represent(entries: entries, shape: shape, rank: rank, name: name, key: key, in: &builder), in: &builder)
  }
  public func represent(
    _ dense: Value, shape: WeightShape, rank: Dimension, name: String, key: Value, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    try ownParameters(try inner.represent(dense, shape: shape, rank: rank, name: name, key: key, in: &builder), in: &builder)
  }
  /// The entries of the other form are those it draws by itself.
  public func initialize(
    dense: Value, shape: WeightShape, rank: Dimension, name: String, key: Value, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    try ownParameters(try inner.initialize(dense: dense, shape: shape, rank: rank, name: name, key: key, in: &builder), in: &builder)
  }
  public func apply(
    _ input: WeightInput, parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> Value {
    try inner.apply(input, parameters: try innerParameters(parameters, in: &builder), shape: shape, rank: rank, in: &builder)
  }
  public func reconstruct(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> Value {
    try inner.reconstruct(try innerParameters(parameters, in: &builder), shape: shape, rank: rank, in: &builder)
  }
  public func deploy(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> [Value] {
    try inner.deploy(try innerParameters(parameters, in: &builder), shape: shape, rank: rank, in: &builder)
  }
  public func singularValues(
    _ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> Value {
    try inner.singularValues(try innerParameters(parameters, in: &builder), shape: shape, rank: rank, in: &builder)
  }
  public func sides(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> Sides? { nil }
  /// Another rank goes over W: what the other form pads with zeros could stay there, and masks are of exact counts.
  public func changeRank(_ change: RankChange, in builder: inout Builder) throws(IRError) -> ChangedRank? {
    let shapes = parameters(change.shape, rank: change.to).map(\.shape)
    guard change.direction == .unchanged, change.parameters.map({ builder.type(of: $0).shape }) == shapes else { return nil }
    return ChangedRank(parameters: change.parameters, moments: .padded)
  }

  public func gradientEquations(
    _ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> GradientEquations? {
    let values = try innerParameters(parameters, in: &builder)
    let equations = try inner.gradientEquations(values, shape: shape, rank: rank, in: &builder)
    guard let equations, let slopes = try slopes(parameters, in: &builder) else { return equations }
    return .diagonal(Dictionary(uniqueKeysWithValues: zip(inner.trainedIndices(shape, rank: rank), slopes)), inner: equations)
  }
  public func pullBackSquared(
    _ dense: Value, parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    let values = try innerParameters(parameters, in: &builder)
    let pulled = try inner.pullBackSquared(dense, parameters: values, shape: shape, rank: rank, in: &builder)
    guard let slopes = try slopes(parameters, in: &builder) else { return pulled }
    return try products(pulled, try squares(slopes, in: &builder), in: &builder)
  }
  public func productDecay(
    _ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    let values = try innerParameters(parameters, in: &builder)
    let decay = try inner.productDecay(values, shape: shape, rank: rank, in: &builder)
    guard let slopes = try slopes(parameters, in: &builder) else { return decay }
    return try products(decay, slopes, in: &builder)
  }

  private func products(_ left: [Value], _ right: [Value], in builder: inout Builder) throws(IRError) -> [Value] {
    var products: [Value] = []
    for (one, other) in zip(left, right) { products.append(try builder.multiply(one, other)) }
    return products
  }
}
