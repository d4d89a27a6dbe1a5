import DrnIR

/// What the kernel of an operation does: multiply-adds as executed, lanes that only pad included, and bytes moved between memory and caches.
public struct KernelWork: Hashable, Sendable {
  /// The kernel, by which its efficiency is known.
  public var kind: KernelKind
  /// As executed; one of an elementwise function stands for so much arithmetic as takes its time.
  public var multiplyAdds: Double
  /// Bytes it reads and writes, counted as often as it does.
  public var bytes: Double
  /// Bytes of all tensors it touches: what a cache must hold to keep them.
  public var footprint: Double
  /// Steps one after the other, for which the threads meet.
  public var steps = 1
  /// Independent tasks of its largest step.
  public var tasks: Int

  /// The work of one operation of a concrete function with what is fused into it; a reshape that is a view has none.
  init(_ operation: Operation, _ function: Function, in module: Module) {
    self.init(operation, function)
    multiplyAdds += fusedArithmetic(operation, function, module)
  }

  /// The work of one operation of a concrete function, without the function that is fused into it.
  public init(_ operation: Operation, _ function: Function) {
    let tensors = operation.operands + operation.results
    footprint = tensors.reduce(0) { $0 + Self.bytes($1, function) }
    bytes = footprint
    tasks = max(1, Int(footprint / Self.bytesOfTask))
    (kind, multiplyAdds) = (.elementwise, elementArithmetic(operation, function))
    if let sizes = ConvolutionSizes(operation, function) {
      describe(operation.opcode, sizes)
    } else if let product = ProductSizes(operation, function) {
      describe(product)
    } else if operation.opcode == .batchNorm || operation.opcode == .batchNormGradient {
      kind = .normalization
      // The sums and the map both read what it reads.
      bytes += operation.operands.reduce(0) { $0 + Self.bytes($1, function) }
      steps = 3
    } else if operation.opcode == .batchNormFactors {
      (kind, steps) = (.normalization, 2)
    } else if operation.opcode == .singularValues || operation.opcode == .orthonormalize {
      (kind, tasks) = (.factorization, 1)
    } else if let plan = AttentionPlan(operation, function) {
      (kind, multiplyAdds, tasks, steps) = (.attention, plan.multiplyAdds, plan.tasks, plan.steps)
    } else if let shape = CachedAttentionShape(operation, function) {
      (kind, multiplyAdds, tasks) = (.attention, shape.multiplyAdds, shape.groups)
    } else if operation.opcode == .scatterRows {
      multiplyAdds = Self.scattered(operation.operands.first.flatMap { function.type(of: $0).elementCount } ?? 0)
    } else if operation.opcode == .gatherRows || operation.opcode == .slice {
      // Of the table only the rows that tokens name, and of a tensor the block.
      let written = operation.results.reduce(0) { $0 + Self.bytes($1, function) }
      footprint = min(2 * written, footprint)
      (bytes, tasks) = (footprint, max(1, Int(footprint / Self.bytesOfTask)))
    } else if operation.opcode == .reshape, Self.isView(operation, function) {
      (bytes, footprint, steps) = (0, 0, 0)
    }
  }

  /// Of several factorizations as tasks of one step; `nil` for other kernels.
  init?(joint works: [KernelWork]) {
    guard works.count > 1, works.allSatisfy({ $0.kind == .factorization }) else { return nil }
    self = works[0]
    tasks = works.count
    for work in works.dropFirst() {
      multiplyAdds += work.multiplyAdds
      bytes += work.bytes
      footprint += work.footprint
    }
  }

  /// Of the product of a `one_hot` with a matrix, as rows of it: `gather_rows`, or `scatter_rows` where the left matrix enters transposed.
  public init(ofTokens product: ProductSizes) {
    let (rows, inner, columns) = (Double(product.rows), Double(product.inner), Double(product.columns))
    // A scatter writes all of its table, and a gather reads no more than all of it.
    footprint = 4 * columns * (product.isTransposedLeft ? inner + rows : rows + min(rows, inner))
    (kind, multiplyAdds, bytes, tasks) = (.elementwise, product.isTransposedLeft ? Self.scattered(product.inner) : 0, footprint, 1)
  }

  /// Of a product of matrices that no operation has yet.
  public init(_ product: ProductSizes) {
    let (rows, inner, columns) = (Double(product.rows), Double(product.inner), Double(product.columns))
    footprint = (product.isHalf ? 2 : 4) * (rows * inner + inner * columns) + 4 * rows * columns
    (kind, multiplyAdds, bytes, tasks) = (.product, 0, footprint, 1)
    describe(product)
  }

  /// Of a convolution, or of a gradient of one, that no operation has yet.
  public init(_ opcode: Opcode, _ sizes: ConvolutionSizes) {
    let weights = Double(sizes.taps) * Double(sizes.channelsOfGroup) * Double(sizes.outputs)
    let places = Double(sizes.height) * Double(sizes.width) * Double(sizes.channels)
    let results = Double(sizes.outHeight) * Double(sizes.outWidth) * Double(sizes.outputs)
    footprint = 4 * (Double(sizes.batch) * (places + results) + weights)
    (kind, multiplyAdds, bytes, tasks) = (.direct, 0, footprint, 1)
    describe(opcode, sizes)
  }

  private mutating func describe(_ product: ProductSizes) {
    if let tall = TallProduct(product) {
      kind = tall.kind == .inner ? .tallSums : .tall
      multiplyAdds = Double(tall.length) * Double(tall.left) * Double(tall.isThin ? tall.columns : roundedToBlock(tall.columns))
      (tasks, steps) = (tall.blocks, 2)
    } else {
      kind = product.isHalf ? .halfProduct : product.isTransposedRight && product.columns < Self.narrow ? .narrowProduct : .product
      multiplyAdds = Double(product.rows) * Double(product.inner) * Double(roundedToBlock(product.columns))
      tasks = MatmulGrid(product).count
    }
  }

  private mutating func describe(_ opcode: Opcode, _ sizes: ConvolutionSizes) {
    let isGradient = opcode == .convolutionWeightGradient
    var plan = ConvolutionPlan(sizes, isWeightGradient: isGradient)
    if opcode == .convolutionInputGradient {
      (tasks, steps) = (sizes.batch, 1)
      switch InputGradientMethod(sizes) {
      case .convolution(let reversed): plan = reversed
      case .depthwise:
        (kind, multiplyAdds) = (.depthwiseGradient, Double(sizes.batch) * plan.multiplyAdds(isWeightGradient: false))
        return
      case .scattered(let scattered):
        tasks = blockCount(sizes.batch, scattered.images)
        let windows = Double(sizes.outHeight) * Double(sizes.outWidth) * Double(sizes.taps)
        // Every element of the product is written, read and added to a pixel; few channels of one take as long as some.
        let added = 12 * Double(sizes.channels) + (sizes.groups == 1 ? 0 : 120 * Double(sizes.groups))
        (kind, multiplyAdds) = (.scattered, Double(sizes.batch) * windows * (Double(sizes.channels) * Double(sizes.outputsOfGroup) + added))
        return
      }
    }
    if let wide = plan.wide {
      return describe(wide, isWeightGradient: isGradient)
    }
    (tasks, steps) = (isGradient ? WeightGradientPlan(sizes).blocks : blockCount(sizes.batch, plan.images), 2)
    multiplyAdds = Double(sizes.batch) * plan.multiplyAdds(isWeightGradient: isGradient)
    switch plan.method {
    case .direct: kind = isGradient ? .directGradient : .direct
    case .thin: kind = isGradient ? .thinGradient : .thin
    case .winograd: kind = isGradient ? .winogradGradient : .winograd
    case .wide: kind = isGradient ? .wideGradient : .wide
    case .blocks: kind = .blocksGradient
    case .depthwise: kind = isGradient ? .depthwiseGradient : .depthwise
    }
  }

  private mutating func describe(_ wide: WideConvolution, isWeightGradient: Bool) {
    let sizes = wide.sizes
    let (channels, outputs) = (Double(roundedToBlock(sizes.channels)), Double(roundedToBlock(sizes.outputs)))
    steps = 2 * wide.rounds
    guard wide.isTransformed else {
      kind = .blocksGradient
      // Copies count as multiply-adds that take as long.
      let copies = 16 * Double(sizes.batch) * (Double(wide.paddedPixels) * channels + Double(sizes.outHeight * sizes.outWidth) * outputs)
      multiplyAdds = Double(sizes.batch) * Double(sizes.outHeight * sizes.outWidth) * Double(sizes.taps) * channels * outputs + copies
      tasks = wide.outputBlocks * wide.channelBlocks
      return
    }
    let tiles = Double(sizes.batch) * Double(sizes.tiles)
    let rounds = Double(wide.rounds) * Double(isWeightGradient ? 1 : wide.tileBlocks(of: wide.images))
    // Transforms as multiply-adds that take as long: of a point of a tile, and of a point of a weight each time it is transformed.
    let transforms = 24 * tiles * (channels + outputs) + 4 * rounds * channels * outputs
    kind = isWeightGradient ? .wideGradient : .wide
    multiplyAdds = Double(tilePoints) * (tiles * channels * outputs + transforms)
    tasks = wide.outputBlocks * (isWeightGradient ? wide.channelBlocks : wide.tileBlocks(of: wide.images))
  }

  /// What looking for the tokens of a table takes, and adding one row at a time.
  private static func scattered(_ tokens: Int) -> Double { 600 * Double(tokens) }

  private static let bytesOfTask = 131_072.0
  /// Columns below which a transposed right matrix is packed element by element.
  private static let narrow = 128

  private static func bytes(_ value: Value, _ function: Function) -> Double {
    let type = function.type(of: value)
    return Double(type.element.bytes) * Double(type.elementCount ?? 0)
  }

  /// Tensors of three and more axes and vectors lie tight, and so do the matrices they become.
  private static func isView(_ operation: Operation, _ function: Function) -> Bool {
    guard let operand = operation.operands.first, let result = operation.results.first else { return false }
    let (before, after) = (function.type(of: operand).shape.count, function.type(of: result).shape.count)
    return before != 2 && after != 2 || max(before, after) > 2
  }
}

/// Kernels of one efficiency.
public enum KernelKind: String, Hashable, Sendable, CaseIterable {
  case product, direct, thin, winograd, depthwise, scattered, normalization, elementwise, factorization, attention
  case tall
  case tallSums = "tall_sums"
  case narrowProduct = "narrow_product"
  case halfProduct = "half_product"
  case directGradient = "direct_gradient"
  case thinGradient = "thin_gradient"
  case depthwiseGradient = "depthwise_gradient"
  case winogradGradient = "winograd_gradient"
  case wide
  case wideGradient = "wide_gradient"
  case blocksGradient = "blocks_gradient"
}

extension ConvolutionPlan {
  /// The work of one image, in multiply-adds that take as long.
  fileprivate func multiplyAdds(isWeightGradient: Bool) -> Double {
    let pixels = Double(sizes.outHeight) * Double(sizes.outWidth)
    let (channels, outputs) = (Double(roundedToBlock(sizes.channels)), Double(roundedToBlock(sizes.outputsOfGroup)))
    switch method {
    case .direct: return pixels * Double(sizes.taps) * Double(sizes.channels) * outputs
    case .depthwise: return pixels * Double(sizes.taps) * channels
    case .thin:
      // A sum over lanes ends each result.
      let sums = isWeightGradient ? 0.0 : 48 * Double(sizes.outputs)
      return pixels * (Double(sizes.taps) * channels * Double(sizes.outputs) + sums)
    case .winograd:
      // The transforms of a point of a tile take as long as some 8 products of a block of channels.
      let points = Double(sizes.tiles) * Double(tilePoints)
      return points * (channels * outputs + 8 * (channels + outputs))
    case .wide, .blocks: return 0
    }
  }
}
