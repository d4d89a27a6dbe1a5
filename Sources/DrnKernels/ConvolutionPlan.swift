import DrnIR

/// A convolution of some images at a time: sizes of the padded images, of the packed weights and of the work space of one task.
public struct ConvolutionPlan: BitwiseCopyable, Hashable, Sendable {
  /// The sizes the plan is for.
  public let sizes: ConvolutionSizes
  /// The kernel that computes it.
  public let method: ConvolutionMethod
  /// Rows of an image with its padding, as many as the windows reach.
  public let paddedHeight: Int
  /// Columns of an image with its padding, as many as the windows reach.
  public let paddedWidth: Int
  /// Floats from one pixel of a padded image to the next: its channels, rounded up to a block unless the kernel is the direct one.
  public let pixelPitch: Int
  /// Images of one task; the last may have fewer.
  public let images: Int

  /// Chooses the kernel and the images of a task.
  public init(_ sizes: ConvolutionSizes, isWeightGradient: Bool = false) {
    self.sizes = sizes
    method = ConvolutionMethod(sizes, isWeightGradient: isWeightGradient)
    var (rows, columns) = (sizes.outHeight, sizes.outWidth)
    if method == .winograd || method == .wide {
      (rows, columns) = (blockCount(rows, tileExtent) * tileExtent, blockCount(columns, tileExtent) * tileExtent)
    }
    images = method == .winograd ? min(max(sizes.batch, 1), blockCount(tilesAtOnce, sizes.tiles)) : 1
    paddedHeight = (rows - 1) * sizes.strideY + (sizes.kernelHeight - 1) * sizes.dilationY + 1
    paddedWidth = (columns - 1) * sizes.strideX + (sizes.kernelWidth - 1) * sizes.dilationX + 1
    pixelPitch = method == .direct ? sizes.channels : roundedToBlock(sizes.channels)
  }

  /// Floats from one padded image to the next.
  public var paddedFloats: Int { roundedToBlock(saturatedProduct(paddedHeight, paddedWidth, pixelPitch)) + 16 }
  /// Floats of the packed weights of one group.
  public var packedFloatsOfGroup: Int {
    switch method {
    case .direct: saturatedProduct(sizes.taps, sizes.channelsOfGroup, roundedToBlock(sizes.outputsOfGroup))
    case .thin: saturatedProduct(sizes.taps, roundedToBlock(sizes.channels), sizes.outputs)
    case .depthwise, .wide, .blocks: 0
    case .winograd: saturatedProduct(tilePoints, sizes.channels, roundedToBlock(sizes.outputs))
    }
  }
  /// Floats of the packed weights of all groups.
  public var packedFloats: Int { method == .depthwise ? 0 : saturatedProduct(sizes.groups, packedFloatsOfGroup) }
  /// How whole images are rearranged, where they are.
  public var wide: WideConvolution? { method == .wide || method == .blocks ? WideConvolution(self) : nil }
  /// Floats of what a task of the Winograd kernels keeps.
  public var transformFloats: Int {
    if let wide { return wide.taskFloats }
    guard method == .winograd else { return 0 }
    return (tileExtent + 2) * (2 * pointStep(sizes.channels) + tileExtent * pointStep(sizes.outputs))
  }
  /// Floats of the padded images of one task.
  public var imagesFloats: Int { saturatedProduct(images, paddedFloats) }
  /// The work space of the kernel: packed weights or transformed images, then what `ImagesSpace` lists.
  public func workSpace(threads: Int, prologue: PrologueSpace?) -> ConvolutionSpace {
    var whole = WorkSpace()
    let packed = whole.add(wide?.imagesFloats ?? packedFloats)
    return ConvolutionSpace(packed: packed, images: ImagesSpace(self, threads: threads, prologue: prologue, in: &whole), whole: whole)
  }
}

/// Where a convolution keeps what it computes in.
public struct ConvolutionSpace: Hashable, Sendable {
  /// The packed weights, written once and read by every task; of the wide kernel the transformed images.
  public let packed: WorkSpace.Region
  /// What each task has of its own.
  public let images: ImagesSpace
  /// Everything, as the plan of memory counts it.
  public let whole: WorkSpace
}

/// Where the tasks of a convolution, or of its gradient by the weight, keep their images; a piece for each thread.
public struct ImagesSpace: BitwiseCopyable, Hashable, Sendable {
  /// The padded images of a task.
  public let padded: WorkSpace.Region
  /// What the Winograd kernels transform.
  public let transforms: WorkSpace.Region
  /// An image without gaps between its pixels, for a prologue whose padded image has them.
  public let unpadded: WorkSpace.Region
  /// The row operands of a prologue, each repeated for the pixels of a row.
  public let rows: WorkSpace.Region

  init(_ plan: ConvolutionPlan, threads: Int, prologue: PrologueSpace?, in space: inout WorkSpace) {
    let threads = max(threads, 1)
    padded = space.add(plan.imagesFloats, pieces: threads)
    transforms = space.add(plan.transformFloats, pieces: threads)
    let isMapped = prologue != nil && plan.pixelPitch != plan.sizes.channels
    unpadded = space.add(isMapped ? plan.sizes.imageFloats : 0, pieces: threads)
    rows = space.add(saturatedProduct(plan.sizes.width, plan.sizes.channels), pieces: prologue?.rowOperands ?? 0)
  }
}

/// What a function applied to the images of a convolution reads beside them: vectors of one value for each channel.
public struct PrologueSpace: BitwiseCopyable, Hashable, Sendable {
  /// How many such vectors there are.
  public let rowOperands: Int

  /// `nil` where an operation has no prologue.
  public init?(_ operation: Operation) {
    guard operation.attributes.function("prologue") != nil else { return nil }
    rowOperands = DrnKernels.rowOperands(operation)
  }
}

/// The gradient of a convolution by its weight: sums over blocks of images, added in order at the end.
public struct WeightGradientPlan: BitwiseCopyable, Hashable, Sendable {
  /// The plan of the convolution itself, whose padded images it reads.
  public let convolution: ConvolutionPlan
  /// Blocks of images, as many tasks.
  public var blocks: Int { min(sizes.batch, sumFloats > Self.largeSums ? Self.mostBlocks / 2 : Self.mostBlocks) }

  /// The plan for the sizes of the convolution itself.
  public init(_ sizes: ConvolutionSizes) {
    convolution = ConvolutionPlan(sizes, isWeightGradient: true)
  }

  /// Enough for a team to share evenly, few enough for their sums to stay in cache.
  private static let mostBlocks = 16
  /// Floats of the sums of a block from which on half as many blocks are faster, as measured.
  private static let largeSums = 1 << 16

  /// The sizes of the convolution itself.
  public var sizes: ConvolutionSizes { convolution.sizes }
  /// Floats of the sums of one group.
  public var sumFloatsOfGroup: Int {
    switch convolution.method {
    case .direct: saturatedProduct(sizes.taps, sizes.channelsOfGroup, roundedToBlock(sizes.outputsOfGroup))
    case .thin: saturatedProduct(sizes.taps, sizes.outputs, roundedToBlock(sizes.channels))
    case .depthwise: saturatedProduct(sizes.taps, roundedToBlock(sizes.channels))
    case .winograd: saturatedProduct(tilePoints, roundedToBlock(sizes.channels), roundedToBlock(sizes.outputs))
    case .wide, .blocks: 0
    }
  }
  /// Floats of the sums of one block.
  public var sumFloats: Int { convolution.method == .depthwise ? sumFloatsOfGroup : saturatedProduct(sizes.groups, sumFloatsOfGroup) }

  /// The work space of the kernel: the sums of all blocks or what is transformed, then what `ImagesSpace` lists.
  public func workSpace(threads: Int, prologue: PrologueSpace?) -> WeightGradientSpace {
    var whole = WorkSpace()
    let sums = whole.add(
      convolution.wide.map { saturatedSum($0.imagesFloats, $0.upstreamFloats) } ?? saturatedProduct(blocks, sumFloats))
    let images = ImagesSpace(convolution, threads: threads, prologue: prologue, in: &whole)
    return WeightGradientSpace(sums: sums, images: images, whole: whole)
  }
}

/// Where the gradient of a convolution by its weight keeps what it computes in.
public struct WeightGradientSpace: Hashable, Sendable {
  /// The sums of all blocks, one behind the other; of the wide kernel the transformed images, then the transformed gradients of results.
  public let sums: WorkSpace.Region
  /// What each task has of its own.
  public let images: ImagesSpace
  /// Everything, as the plan of memory counts it.
  public let whole: WorkSpace
}

/// How the gradient of a convolution by its image is computed, chosen by the sizes of the convolution.
public enum InputGradientMethod: Hashable, Sendable {
  /// As a convolution of the upstream gradient, for unit strides.
  case convolution(ConvolutionPlan)
  /// Every channel by itself, at any stride.
  case depthwise
  /// Products of windows, added to the pixels they come from.
  case scattered(ScatteredGradientPlan)

  /// The kernel for the sizes of the convolution itself.
  public init(_ sizes: ConvolutionSizes) {
    if sizes.isUnitStride {
      self = .convolution(ConvolutionPlan(sizes.reversed))
    } else if sizes.isDepthwise {
      self = .depthwise
    } else {
      self = .scattered(ScatteredGradientPlan(sizes))
    }
  }

  /// As the names of kernels and dumps say it.
  var name: String {
    switch self {
    case .convolution(let plan): "\(plan.method)"
    case .depthwise: "\(ConvolutionMethod.depthwise)"
    case .scattered: "scattered"
    }
  }
}

/// The gradient of a strided convolution by its image: products of some rows of windows, added to the pixels they come from.
public struct ScatteredGradientPlan: BitwiseCopyable, Hashable, Sendable {
  /// The sizes of the convolution itself.
  public let sizes: ConvolutionSizes
  /// Rows of windows of one product.
  public let rows: Int
  /// Images of one product, more than one only with all of their rows.
  public let images: Int

  /// Takes as many rows as fit about half of an L2 cache, at least one; of images of few windows some together, so that the weights are not
  /// read for each.
  public init(_ sizes: ConvolutionSizes) {
    self.sizes = sizes
    let rowFloats = saturatedProduct(sizes.outWidth, sizes.taps, sizes.channelsOfGroup)
    let windows = saturatedProduct(sizes.outHeight, sizes.outWidth)
    let isSmall = windows < Self.fewWindows && saturatedProduct(sizes.taps, sizes.channels, sizes.outputs) >= Self.manyWeights
    if isSmall {
      rows = max(sizes.outHeight, 1)
      images = min(max(sizes.batch, 1), max(2 * Self.productFloats / max(saturatedProduct(rows, rowFloats), 1), 1))
    } else {
      rows = min(max(Self.productFloats / max(rowFloats, 1), 1), max(sizes.outHeight, 1))
      images = 1
    }
  }

  /// About half of an L2 cache.
  private static let productFloats = 1 << 17
  /// Windows of an image below which, and weights from which on, images are taken together.
  private static let fewWindows = 64
  private static let manyWeights = 1 << 18
  /// The product of one task, a piece for each thread.
  public func workSpace(threads: Int) -> (products: WorkSpace.Region, whole: WorkSpace) {
    var whole = WorkSpace()
    let products = whole.add(saturatedProduct(images, rows, sizes.outWidth, sizes.taps, sizes.channelsOfGroup), pieces: max(threads, 1))
    return (products, whole)
  }
}

/// Results on a side of a Winograd tile, points of a transformed one, and tiles multiplied at a time.
let tileExtent = 4
let tilePoints = (tileExtent + 2) * (tileExtent + 2)
private let tilesAtOnce = 16

/// Floats of one point of so many channels of the tiles multiplied at a time.
private func pointStep(_ channels: Int) -> Int { roundedToBlock(channels) * tilesAtOnce + 16 }
