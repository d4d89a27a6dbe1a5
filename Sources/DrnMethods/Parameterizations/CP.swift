import DrnIR

/// A convolution as a chain 1 x 1 to rank channels, 1 x k, k x 1, 1 x 1 to the outputs, with dense middles.
///
/// W[(i, j, c), o] = sum over a, b, d of u[c, a] width[(j, a), b] height[(i, b), d] v[d, o]. The horizontal stride, dilation and padding
/// are those of `width`, the vertical ones those of `height`, so that W convolves as the chain does at every stride and size.
public struct CP: Parameterization {
  public static let spec = MethodSpec(
    "cp", summary: "A convolution as 1 x 1 to rank channels, 1 x k, k x 1 and 1 x 1 to the outputs, the middle two dense in the rank.",
    source: "the \"CP\" form of arXiv 2508.08625, with strides placed so that W is exact",
    options: [
      OptionSpec("rank", .rank, required: true, "The channels between the four factors."),
      FactorDraw.option([.glorotEach, .zerosLast], default: .glorotEach),
    ], positional: 1)
  public let options: Options
  public init(options: Options) { self.options = options }
  public var rank: RankRule? { options.rank("rank") }
  public func obstacle(_ shape: WeightShape) -> FormObstacle? { shape.obstacleToSplitting }
  public func departure(_ shape: WeightShape) -> String? {
    guard let stride = shape.convolution?.stride, stride != .one else { return nil }
    return "the stride lies on the 1 x k and k x 1 factors; the code of arXiv 2508.08625 puts it on the last 1 x 1, where the dense weight "
      + "of the same function does not exist"
  }

  public func parameters(_ shape: WeightShape, rank: Dimension) -> [ParameterSpec] {
    let kernel = shape.kernel ?? .one
    return [
      ParameterSpec("u", [Dimension(shape.channels), rank], kernel: shape.pointKernel),
      ParameterSpec("width", [rank * kernel.width, rank], kernel: Extent2(height: 1, width: kernel.width)),
      ParameterSpec("height", [rank * kernel.height, rank], kernel: Extent2(height: kernel.height, width: 1)),
      ParameterSpec("v", [rank, Dimension(shape.outputs)], kernel: shape.pointKernel),
    ]
  }
  public func apply(
    _ input: WeightInput, parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> Value {
    let factors = try parameters.named(4)
    let (image, geometry) = try input.image()
    let inner = try builder.convolved(image, .point, by: factors[0])
    let across = try builder.convolved(inner, geometry.alongRow, by: factors[1])
    return try builder.product([try builder.patches(across, geometry.alongColumn), factors[2], factors[3]])
  }
  public func reconstruct(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> Value {
    let factors = try parameters.named(4)
    let kernel = shape.kernel ?? .one
    let vertical = try builder.matmul(factors[2], factors[3])
    let middle = try builder.multiplyBlocks(vertical, places: kernel.height, by: factors[1])
    return try builder.multiplyBlocks(middle, places: shape.kernelArea, by: factors[0])
  }
  /// The tensor train (Oseledets 2011) of the leading singular vectors of three unfoldings: u by input channel, v by output channel, and
  /// between them the columns of the kernel with the input channels against its rows with the outputs. W is projected on the three, so the
  /// squared error is at most the sum of their squared tails, and at most three times that of the best chain of the rank.
  ///
  /// Where an unfolding has fewer vectors than the rank, further ones are drawn; what `width` or `height` has beside them is zero.
  public func represent(
    _ dense: Value, shape: WeightShape, rank: Dimension, name: String, key: Value, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    let kernel = shape.kernel ?? .one
    let (_, _, v) = try builder.truncatedSVD(dense, shape: shape, rank: rank)
    let byChannel = try builder.unfoldBlocks(dense, places: shape.kernelArea, rows: Dimension(shape.channels))
    let u = try builder.leadingVectors(of: byChannel, rank: rank, stream: "\(name).u", key: key)
    let byColumn = try builder.unfoldBlocks(dense, places: kernel.height, rows: Dimension(shape.channels * kernel.width))
    let across = try builder.leadingVectors(of: byColumn, rank: rank, stream: "\(name).width", key: key)
    let narrowed = try builder.matmul(dense, v, transposeRight: true)
    return [
      u.columns, try builder.multiplyBlocks(across.columns, places: kernel.width, by: u.projection),
      try builder.multiplyBlocks(narrowed, places: kernel.height, by: across.projection), v,
    ]
  }
  public func initialize(
    dense: Value, shape: WeightShape, rank: Dimension, name: String, key: Value, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    let zero = options.word("initial") == FactorDraw.zerosLast.rawValue ? 3 : nil
    return try builder.drawEach(parameters(shape, rank: rank), of: name, zero: zero, key: key)
  }
  public func sides(_ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder) throws(IRError) -> Sides? { nil }
  public func content(rank: Int, shape: WeightShape) -> ContentRanks {
    shape.content(matrix: rank, channels: min(rank, shape.channels), middle: rank)
  }
  public func holds(_ content: ContentRanks, rank: Int, shape: WeightShape) -> Bool {
    rank >= max(content.matrix, content.channels, content.middle)
  }
  public func fidelity(rank: Int, shape: WeightShape) -> Fidelity {
    holds(shape.content(matrix: shape.shortSide, channels: shape.channels), rank: rank, shape: shape) ? .exact : .truncating
  }
  public func determinesDenseMoment(rank: Int, shape: WeightShape) -> Bool { false }
  public func gradientEquations(
    _ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> GradientEquations? {
    let factors = try parameters.named(4)
    let kernel = shape.kernel ?? .one
    let places = [1, kernel.width, kernel.height, 1]
    return .chain(FactorChain(factors.indices.map { .init(factors[$0], places: places[$0], parameter: $0) }))
  }

  /// An entry of W is a sum over products that share u or v, so the squares are taken of what stands beside each; beside the two middle
  /// factors stand products of one term.
  public func pullBackSquared(
    _ dense: Value, parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    let factors = try parameters.named(4)
    let kernel = shape.kernel ?? .one
    let right = try builder.matmul(factors[2], factors[3])
    let middle = try builder.multiplyBlocks(right, places: kernel.height, by: factors[1])
    let across = try builder.multiplyBlocks(factors[1], places: kernel.width, by: factors[0])
    let left = try builder.multiplyBlocks(factors[2], places: kernel.height, by: across)
    let (u, v) = (try builder.square(factors[0]), try builder.square(factors[3]))

    let byChannel = try builder.unfoldBlocks(dense, places: shape.kernelArea, rows: Dimension(shape.channels))
    let besideU = try builder.unfoldBlocks(try builder.square(middle), places: shape.kernelArea, rows: rank)
    let ranked = try builder.multiplyBlocks(dense, places: shape.kernelArea, by: try builder.transpose(u))
    let byRow = try builder.unfoldBlocks(ranked, places: kernel.height, rows: rank * kernel.width)
    let besideWidth = try builder.unfoldBlocks(try builder.square(right), places: kernel.height, rows: rank)
    let narrowed = try builder.matmul(dense, v, transposeRight: true)
    return [
      try builder.matmul(byChannel, besideU, transposeRight: true), try builder.matmul(byRow, besideWidth, transposeRight: true),
      try builder.multiplyBlocks(narrowed, places: kernel.height, by: try builder.transpose(try builder.square(across))),
      try builder.matmul(try builder.square(left), dense, transposeLeft: true),
    ]
  }
  /// As many as the rank: W has no more.
  public func singularValues(
    _ parameters: [Value], shape: WeightShape, rank: Dimension, in builder: inout Builder
  ) throws(IRError) -> Value {
    let factors = try parameters.named(4)
    let kernel = shape.kernel ?? .one
    let across = try builder.multiplyBlocks(factors[1], places: kernel.width, by: factors[0])
    let left = try builder.multiplyBlocks(factors[2], places: kernel.height, by: across)
    return try builder.singularValues(try builder.orthonormalCore(left, factors[3], rank: rank).core).s
  }
  public func changeRank(_ change: RankChange, in builder: inout Builder) throws(IRError) -> ChangedRank? {
    switch change.direction {
    case .unchanged: ChangedRank(parameters: try change.parameters.named(4), moments: .padded)
    case .up: ChangedRank(parameters: try widened(change, in: &builder), moments: .padded)
    case .down: nil
    }
  }

  /// Every path through a new index meets one zero, in `width` or v, and that zero has a gradient at once: what stands beside it in u or
  /// `height` is drawn.
  private func widened(_ change: RankChange, in builder: inout Builder) throws(IRError) -> [Value] {
    let factors = try change.parameters.named(4)
    let specs = parameters(change.shape, rank: change.to)
    let kernel = change.shape.kernel ?? .one
    let added = FactorRequest(rows: Dimension(change.shape.channels), columns: change.to - change.from, stream: "\(change.name).u")
    let old = try builder.padBlocks(factors[2], places: kernel.height, to: specs[2].shape)
    let ones = try builder.constant(1, shape: [change.from * kernel.height, change.from])
    let isOld = try builder.padBlocks(ones, places: kernel.height, to: specs[2].shape)
    let isNew = try builder.subtract(try builder.constant(1), isOld)
    let drawn = try builder.glorotUniform(FactorRequest(specs[2], of: change.name), key: change.key)
    return [
      try builder.concatenate([factors[0], try builder.glorotUniform(added, key: change.key)], axis: 1),
      try builder.padBlocks(factors[1], places: kernel.width, to: specs[1].shape),
      try builder.add(old, try builder.multiply(drawn, isNew)), try builder.pad(factors[3], starts: [0, 0], shape: specs[3].shape),
    ]
  }
}

extension ConvolutionGeometry {
  /// What of it runs along a row.
  var alongRow: ConvolutionGeometry {
    ConvolutionGeometry(
      kernel: Extent2(height: 1, width: kernel.width), stride: Extent2(height: 1, width: stride.width),
      dilation: Extent2(height: 1, width: dilation.width),
      padding: Padding2(top: 0, bottom: 0, left: padding.left, right: padding.right))
  }
  /// What of it runs along a column.
  var alongColumn: ConvolutionGeometry {
    ConvolutionGeometry(
      kernel: Extent2(height: kernel.height, width: 1), stride: Extent2(height: stride.height, width: 1),
      dilation: Extent2(height: dilation.height, width: 1),
      padding: Padding2(top: padding.top, bottom: padding.bottom, left: 0, right: 0))
  }
}
