import DrnIR

/// A convolution as 1 x 1 to rank channels, the kernel from rank to rank channels, 1 x 1 to the outputs.
///
/// W[(i, j, c), o] = sum over a, b of u[c, a] core[(i, j, a), b] v[b, o]. Stride, dilation and padding are the core's.
public struct Tucker: Parameterization {
  public static let spec = MethodSpec(
    "tucker",
    summary: "A convolution as 1 x 1 to rank channels, a core of the kernel's extents between rank channels, 1 x 1 to the outputs.",
    source: "the Tucker form of arXiv 2508.08625, and the two channel modes of TDLRT (arXiv 2305.19059)",
    options: [
      OptionSpec("rank", .rank, required: true, "The channels on both sides of the core."),
      FactorDraw.option([.glorotEach, .svd, .zerosCore], default: .glorotEach),
    ], positional: 1)
  public let options: Options
  private var draw: FactorDraw { options.word("initial").flatMap(FactorDraw.init) ?? .glorotEach }

  public init(options: Options) { self.options = options }
  public var rank: RankRule? { options.rank("rank") }
  public func obstacle(_ shape: WeightShape) -> FormObstacle? { shape.obstacleToSplitting }

  public func parameters(_ shape: WeightShape, rank: Dimension) -> [ParameterSpec] {
    [
      ParameterSpec("u", [Dimension(shape.channels), rank], kernel: shape.pointKernel),
      ParameterSpec("core", [rank * shape.kernelArea, rank], kernel: shape.kernel),
      ParameterSpec("v", [rank, Dimension(shape.outputs)], kernel: shape.pointKernel),
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
    let channels = Dimension(shape.channels)
    let unfolding = try builder.unfoldBlocks(dense, places: shape.kernelArea, rows: channels)
    let (basis, _, _) = try builder.singularValues(unfolding)
    let known = try builder.concatenate([basis, try builder.constant(0, shape: [channels, rank])], axis: 1)
    let projection = try builder.transpose(try builder.leading(known, [channels, rank]))
    let narrowed = try builder.matmul(dense, v, transposeRight: true)
    let core = try builder.multiplyBlocks(narrowed, places: shape.kernelArea, by: projection)
    let drawn = try builder.glorotUniform(FactorRequest(rows: channels, columns: rank, stream: "\(name).u"), key: key)
    let u = try builder.leading(try builder.concatenate([basis, drawn], axis: 1), [channels, rank])
    return [u, core, v]
  }
  public func initialize(
    dense: Value, shape: WeightShape, rank: Dimension, name: String, key: Value, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    guard draw != .svd else { return try represent(dense, shape: shape, rank: rank, name: name, key: key, in: &builder) }
    let zero = draw == .zerosCore ? 1 : nil
    return try builder.drawEach(parameters(shape, rank: rank), of: name, zero: zero, key: key)
  }
  public func sides(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> Sides? { nil }
  /// The columns of u lie in the space of the input channels, the rows of v in that of the output channels.
  public func basisLimit(_ shape: WeightShape) -> Int { min(shape.channels, shape.outputs) }
  public func content(rank: Int, shape: WeightShape) -> ContentRanks { ContentRanks(matrix: rank, channels: min(rank, shape.channels)) }
  public func holds(_ content: ContentRanks, rank: Int, shape: WeightShape) -> Bool { rank >= max(content.matrix, content.channels) }
  public func fidelity(rank: Int, shape: WeightShape) -> Fidelity {
    rank >= max(shape.shortSide, shape.channels) ? .exact : .truncating
  }
  public func determinesDenseMoment(rank: Int, shape: WeightShape) -> Bool { false }

  /// An entry of W is a sum over products that share u, core or v, so the squares are taken of what stands beside each of them.
  public func pullBackSquared(
    _ dense: Value, parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    let factors = try parameters.named(3)
    let right = try builder.square(try builder.matmul(factors[1], factors[2]))
    let left = try builder.square(try builder.multiplyBlocks(factors[1], places: shape.kernelArea, by: factors[0]))
    let (u, v) = (try builder.square(factors[0]), try builder.square(factors[2]))
    let byInput = try builder.unfoldBlocks(dense, places: shape.kernelArea, rows: Dimension(shape.channels))
    let byRank = try builder.unfoldBlocks(right, places: shape.kernelArea, rows: rank)
    let narrowed = try builder.matmul(dense, v, transposeRight: true)
    return [
      try builder.matmul(byInput, byRank, transposeRight: true),
      try builder.multiplyBlocks(narrowed, places: shape.kernelArea, by: try builder.transpose(u)),
      try builder.matmul(left, dense, transposeLeft: true),
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
    switch change.direction {
    case .unchanged: return ChangedRank(parameters: factors, moments: .padded)
    case .down: return nil
    case .up:
      let (shape, added) = (change.shape, change.to - change.from)
      let u = FactorRequest(rows: Dimension(shape.channels), columns: added, stream: "\(change.name).u")
      let v = FactorRequest(rows: added, columns: Dimension(shape.outputs), stream: "\(change.name).v")
      let core = try builder.padBlocks(
        factors[1], places: shape.kernelArea, from: change.from, to: [change.to * shape.kernelArea, change.to])
      let parameters = [
        try builder.concatenate([factors[0], try builder.glorotUniform(u, key: change.key)], axis: 1), core,
        try builder.concatenate([factors[2], try builder.glorotUniform(v, key: change.key)], axis: 0),
      ]
      return ChangedRank(parameters: parameters, moments: .padded)
    }
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
