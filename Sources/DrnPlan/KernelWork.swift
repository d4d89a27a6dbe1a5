import DrnIR

/// What the kernel of an operation does: multiply-adds as executed, lanes that only pad included, and bytes moved between memory and caches.
public struct KernelWork: Hashable, Sendable {
  public var multiplyAdds: Double
  public var bytes: Double

  /// Of a convolution, a batch normalization, the gradients of either, and a product of a tall matrix; `nil` for other operations.
  public init?(_ operation: Operation, _ function: Function) {
    let tensors = operation.operands + operation.results
    // Both passes of a normalization read what it reads.
    let isNormalization = operation.opcode == .batchNorm || operation.opcode == .batchNormGradient
    let again = isNormalization ? operation.operands : []
    bytes = (tensors + again).reduce(0) { $0 + 4 * Double(function.type(of: $1).elementCount ?? 0) }
    if isNormalization {
      multiplyAdds = 0
    } else if let sizes = ConvolutionSizes(operation, function) {
      multiplyAdds = Double(sizes.batch) * Self.multiplyAdds(operation.opcode, sizes)
    } else if let tall = TallProduct(operation, function) {
      multiplyAdds = Double(tall.length) * Double(tall.left) * Double(tall.isThin ? tall.columns : roundedToBlock(tall.columns))
    } else {
      return nil
    }
  }

  /// For one image.
  private static func multiplyAdds(_ opcode: Opcode, _ sizes: ConvolutionSizes) -> Double {
    if opcode == .convolution { return ConvolutionPlan(sizes).multiplyAdds(isWeightGradient: false) }
    if opcode == .convolutionWeightGradient { return ConvolutionPlan(sizes).multiplyAdds(isWeightGradient: true) }
    if sizes.isUnitStride { return ConvolutionPlan(sizes.reversed).multiplyAdds(isWeightGradient: false) }
    let windows = Double(sizes.outHeight) * Double(sizes.outWidth) * Double(sizes.taps) * Double(sizes.channels)
    // Every element of the product is written, read and added to a pixel.
    return windows * (Double(sizes.outputsOfGroup) + 12)
  }
}

extension ConvolutionPlan {
  /// Of one image, in multiply-adds that take as long.
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
      // Transforms of a tile take as long as some 80 products of a block of channels, and 1.1 is what caches take of the products.
      let tiles = Double((sizes.outHeight + 1) / 2) * Double((sizes.outWidth + 1) / 2)
      return 1.1 * tiles * (16 * channels * outputs + 80 * (channels + outputs))
    }
  }
}
