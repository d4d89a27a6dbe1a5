import DrnIR

/// A convolution as 1 x 1 to input-rank channels, the kernel from these to rank channels, 1 x 1 to the outputs.
///
/// W[(i, j, c), o] = sum over a, b of u[c, a] core[(i, j, a), b] v[b, o]. Stride, dilation and padding are the core's. The input rank is the
/// rank unless the source states it. The bases u and v are trained like the core, or orthonormal, and then frozen or moved by an update.
public struct Tucker: AugmentedForm {
  public static let spec = MethodSpec(
    "tucker",
    summary: "A convolution as 1 x 1 to rank channels, a core of the kernel's extents between rank channels, 1 x 1 to the outputs.",
    source: "the Tucker form of arXiv 2508.08625, and the two channel modes of TDLRT (arXiv 2305.19059)",
    options: [
      OptionSpec("rank", .rank, required: true, "The channels after the core, and before it unless `input_rank` says otherwise."),
      OptionSpec(
        "input_rank", .rank, "The channels before the core: a number, `full`, a share of the input or output channels, or `current`."),
      FactorDraw.option([.glorotEach, .svd, .zerosCore], default: .glorotEach),
      OptionSpec(
        "bases", .word(["trained", "frozen", "moving"]), default: .word("trained"),
        "What becomes of u and v: trained as any matrix, or orthonormal and left alone, or moved by `update: basis_update(...)`."),
    ], positional: 1)
  public let options: Options
  /// The channels before the core where they change while training.
  private var boundInputRank: Dimension?
  private var draw: FactorDraw { options.word("initial").flatMap(FactorDraw.init) ?? .glorotEach }

  public init(options: Options) { self.options = options }
  public var rank: RankRule? { options.rank("rank") }
  public var secondRank: SecondRank? { options.rank("input_rank").map { SecondRank(option: "input_rank", rule: $0) } }
  public func obstacle(_ shape: WeightShape) -> FormObstacle? { shape.obstacleToSplitting }
  public var hasMovingBases: Bool { options.word("bases") == "moving" }
  public var hasOrthonormalBases: Bool { hasMovingBases || options.word("bases") == "frozen" }

  /// The channels before the core.
  private func inputRank(_ shape: WeightShape, _ rank: Dimension) -> Dimension {
    boundInputRank ?? secondRank?.resolve(shape).map { Dimension($0) } ?? rank
  }
  private func inputRank(_ shape: WeightShape, _ rank: Int) -> Int {
    boundInputRank?.value ?? secondRank.map { $0.resolve(shape) ?? $0.largest(shape) } ?? rank
  }
  /// The channels before the core change with moving bases, and go on where the source says `current`.
  public func extents(_ shape: WeightShape) -> [ExtentSpec] {
    let most = max(1, secondRank?.largest(shape) ?? min(shape.channels, shape.outputs))
    if secondRank?.rule == .current { return [ExtentSpec(Self.inputExtent, initial: nil, bounds: 1...most)] }
    guard hasMovingBases else { return [] }
    let stated = secondRank?.resolve(shape) ?? rank?.resolve(shape, current: nil) ?? 1
    return [ExtentSpec(Self.inputExtent, initial: min(max(1, stated), most), bounds: 1...most)]
  }
  fileprivate static let inputExtent = "input_rank"
  public func bound(to extents: [String: Dimension]) -> any Parameterization {
    var copy = self
    copy.boundInputRank = extents[Self.inputExtent]
    return copy
  }

  public func parameters(_ shape: WeightShape, rank: Dimension) -> [ParameterSpec] {
    let inputRank = inputRank(shape, rank)
    return [
      ParameterSpec(
        "u", [Dimension(shape.channels), inputRank], kernel: shape.pointKernel, isTrainable: !hasOrthonormalBases,
        orthonormal: hasOrthonormalBases ? .columns : nil),
      ParameterSpec("core", [inputRank * shape.kernelArea, rank], kernel: shape.kernel),
      ParameterSpec(
        "v", [rank, Dimension(shape.outputs)], kernel: shape.pointKernel, isTrainable: !hasOrthonormalBases,
        orthonormal: hasOrthonormalBases ? .rows : nil),
    ]
  }
  public func apply(
    _ input: WeightInput, parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> Value {
    let factors = try parameters.named(3)
    let (image, geometry) = try input.image()
    let inner = try builder.convolved(image, .point, by: factors[0])
    return try builder.product([try builder.patches(inner, geometry), factors[1], factors[2]])
  }
  public func reconstruct(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> Value {
    let factors = try parameters.named(3)
    let right = try builder.matmul(factors[1], factors[2])
    return try builder.multiplyBlocks(right, places: shape.kernelArea, by: factors[0])
  }
  /// Truncated higher-order SVD (De Lathauwer, De Moor and Vandewalle 2000) of the two channel modes: u and v hold the leading singular
  /// vectors of the unfoldings by input and output channel, and the core is W seen from them. The squared error is at most the sum of both
  /// unfoldings' squared tails.
  ///
  /// At a rank above the number of input channels further columns of u are drawn; their part of the core is zero.
  public func represent(
    _ dense: Value, shape: WeightShape, rank: Dimension, name: String, key: Value, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    let (_, _, v) = try builder.truncatedSVD(dense, shape: shape, rank: rank)
    let unfolding = try builder.unfoldBlocks(dense, places: shape.kernelArea, rows: Dimension(shape.channels))
    let u = try builder.leadingVectors(of: unfolding, rank: inputRank(shape, rank), stream: "\(name).u", key: key)
    let narrowed = try builder.matmul(dense, v, transposeRight: true)
    return [u.columns, try builder.multiplyBlocks(narrowed, places: shape.kernelArea, by: u.projection), v]
  }
  public func initialize(
    dense: Value, shape: WeightShape, rank: Dimension, name: String, key: Value, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    guard draw != .svd else { return try represent(dense, shape: shape, rank: rank, name: name, key: key, in: &builder) }
    let zero = draw == .zerosCore ? 1 : nil
    let specs = parameters(shape, rank: rank)
    var drawn = try builder.drawEach(specs, of: name, zero: zero, key: key)
    guard hasOrthonormalBases else { return drawn }
    for (mode, index) in bases.enumerated() {
      let columns = try columns(drawn[index], mode: mode, in: &builder)
      let orthonormal = try builder.basis(columns, k: builder.type(of: columns).shape[1])
      drawn[index] = try parameter(columns: orthonormal, mode: mode, in: &builder)
    }
    return drawn
  }
  public func sides(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> Sides? { nil }
  /// The columns of u lie in the space of the input channels, the rows of v in that of the output channels; a stated input rank bounds u.
  public func basisLimit(_ shape: WeightShape) -> Int { secondRank == nil ? min(shape.channels, shape.outputs) : shape.outputs }
  /// A side of few channels limits what the other one can hold: the core has no more columns, or rows of one channel, than that.
  public func content(rank: Int, shape: WeightShape) -> ContentRanks {
    let inputRank = inputRank(shape, rank)
    func spread(_ rank: Int) -> Int {
      let (product, overflow) = rank.multipliedReportingOverflow(by: shape.kernelArea)
      return overflow ? .max : product
    }
    return shape.content(matrix: min(rank, spread(inputRank)), channels: min(inputRank, shape.channels, spread(rank)))
  }
  public func holds(_ content: ContentRanks, rank: Int, shape: WeightShape) -> Bool {
    rank >= content.matrix && inputRank(shape, rank) >= content.channels
  }
  public func fidelity(rank: Int, shape: WeightShape) -> Fidelity {
    holds(shape.content(matrix: shape.shortSide, channels: shape.channels), rank: rank, shape: shape) ? .exact : .truncating
  }
  /// A stated input rank changes how many parameters there are, not what they mean.
  public func isSame(as other: any Parameterization) -> Bool {
    (other as? Tucker).map { $0.hasOrthonormalBases == hasOrthonormalBases } ?? false
  }
  /// An input rank of its own and one that goes with the rank cannot be compared for all ranks.
  public func contains(_ old: any Parameterization, rank oldRank: Int, at rank: Int, shape: WeightShape) -> Bool {
    guard rank >= oldRank else { return false }
    switch (old.secondRank?.resolve(shape), secondRank?.resolve(shape)) {
    case (nil, nil): return true
    case (let before?, let now?): return now >= before
    case (nil, _?), (_?, nil): return false
    }
  }
  public func determinesDenseMoment(rank: Int, shape: WeightShape) -> Bool { false }
  public func gradientEquations(
    _ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> GradientEquations? {
    guard !hasOrthonormalBases else { return nil }
    let factors = try parameters.named(3)
    let places = [1, shape.kernelArea, 1]
    return .chain(FactorChain(factors.indices.map { .init(factors[$0], places: places[$0], parameter: $0) }))
  }

  /// An entry of W is a sum over products that share u, core or v, so the squares are taken of what stands beside each of them.
  public func pullBackSquared(
    _ dense: Value, parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    let factors = try parameters.named(3)
    let right = try builder.square(try builder.matmul(factors[1], factors[2]))
    let left = try builder.square(try builder.multiplyBlocks(factors[1], places: shape.kernelArea, by: factors[0]))
    let (u, v) = (try builder.square(factors[0]), try builder.square(factors[2]))
    let byInput = try builder.unfoldBlocks(dense, places: shape.kernelArea, rows: Dimension(shape.channels))
    let byRank = try builder.unfoldBlocks(right, places: shape.kernelArea, rows: inputRank(shape, rank))
    let narrowed = try builder.matmul(dense, v, transposeRight: true)
    let ofCore = try builder.multiplyBlocks(narrowed, places: shape.kernelArea, by: try builder.transpose(u))
    guard !hasOrthonormalBases else { return [ofCore] }
    return [
      try builder.matmul(byInput, byRank, transposeRight: true), ofCore, try builder.matmul(left, dense, transposeLeft: true),
    ]
  }
  /// As many as the rank: W has no more.
  public func singularValues(
    _ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> Value {
    let factors = try parameters.named(3)
    let left = try builder.multiplyBlocks(factors[1], places: shape.kernelArea, by: factors[0])
    return try builder.singularValues(try builder.orthonormalCore(left, factors[2], rank: rank).core).s
  }
  /// New columns of u and rows of v are Glorot uniform and the core grows by zeros: W stays, and the new part of the core has a gradient at
  /// once.
  public func changeRank(_ change: RankChange, in builder: inout Builder) throws(IRError) -> ChangedRank? {
    let factors = try change.parameters.named(3)
    // New columns would have to be orthonormal too: the general way makes them so.
    if hasOrthonormalBases, change.direction != .unchanged { return nil }
    let (before, now) = (builder.type(of: factors[0]).shape[1], inputRank(change.shape, change.to))
    if let before = before.value, let now = now.value, now < before { return nil }
    if (before.value == nil) != (now.value == nil), before != change.from || now != change.to { return nil }
    switch change.direction {
    case .unchanged where before == now: return ChangedRank(parameters: factors, moments: .padded)
    case .down: return nil
    case .up, .unchanged: return ChangedRank(parameters: try widened(factors, change, in: &builder), moments: .padded)
    }
  }

  private func widened(_ factors: [Value], _ change: RankChange, in builder: inout Builder) throws(IRError) -> [Value] {
    let (shape, old) = (change.shape, builder.type(of: factors[0]).shape[1])
    let specs = parameters(shape, rank: change.to)
    let addedInputs = inputRank(shape, change.to) - old
    var (u, v) = (factors[0], factors[2])
    if addedInputs.value != 0 {
      let drawn = FactorRequest(rows: Dimension(shape.channels), columns: addedInputs, stream: "\(change.name).u")
      u = try builder.concatenate([u, try builder.glorotUniform(drawn, key: change.key)], axis: 1)
    }
    if (change.to - change.from).value != 0 {
      let drawn = FactorRequest(rows: change.to - change.from, columns: Dimension(shape.outputs), stream: "\(change.name).v")
      v = try builder.concatenate([v, try builder.glorotUniform(drawn, key: change.key)], axis: 0)
    }
    return [u, try builder.padBlocks(factors[1], places: shape.kernelArea, to: specs[1].shape), v]
  }
}

extension Tucker {
  public func modes(_ shape: WeightShape) -> [BasisMode] {
    [BasisMode(extent: Self.inputExtent, space: shape.channels), BasisMode(extent: nil, space: shape.outputs)]
  }
  public var bases: [Int] { [0, 2] }
  public var coreIndex: Int { 1 }
  public func columns(_ parameter: Value, mode: Int, in builder: inout Builder) throws(IRError) -> Value {
    mode == 0 ? parameter : try builder.transpose(parameter)
  }
  public func parameter(columns: Value, mode: Int, in builder: inout Builder) throws(IRError) -> Value {
    mode == 0 ? columns : try builder.transpose(columns)
  }
  public func unfolding(
    _ core: Value, mode: Int, extent: Dimension, shape: WeightShape, in builder: inout Builder
  ) throws(IRError) -> Value {
    mode == 0 ? try builder.unfoldBlocks(core, places: shape.kernelArea, rows: extent) : try builder.transpose(core)
  }
  public func turned(_ core: Value, by turns: [Value], shape: WeightShape, in builder: inout Builder) throws(IRError) -> Value {
    guard turns.count == 2 else { throw IRError("a core of two modes is turned by \(turns.count) matrices") }
    let byInput = try builder.multiplyBlocks(core, places: shape.kernelArea, by: turns[0])
    return try builder.matmul(byInput, turns[1], transposeRight: true)
  }
}

extension WeightShape {
  /// Why the kernel cannot be split into a chain of smaller convolutions.
  var obstacleToSplitting: FormObstacle? {
    if convolution == nil { return .noKernel }
    return groups > 1 ? .grouped(groups) : nil
  }
}

extension ConvolutionGeometry {
  /// One place at stride 1.
  static var point: ConvolutionGeometry { ConvolutionGeometry(kernel: .one, stride: .one, dilation: .one, padding: .none) }
}
