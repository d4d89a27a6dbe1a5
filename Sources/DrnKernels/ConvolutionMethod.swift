/// How a convolution of padded images is computed, chosen by its sizes alone.
public enum ConvolutionMethod: BitwiseCopyable, Hashable, Sendable {
  /// Lanes hold outputs.
  case direct
  /// Lanes hold channels, for few outputs.
  case thin
  /// Lanes hold channels, each convolved by itself.
  case depthwise
  /// F(4 x 4, 3 x 3) for windows of 3 x 3 at stride 1.
  case winograd
  /// The same for many channels: whole images are transformed, then multiplied block by block of outputs.
  case wide
  /// Of gradients by the weight alone: products over the pixels of some images, block by block of channels and outputs.
  case blocks

  /// The fastest for the sizes, as measured: few outputs waste lanes in the other two; transforms pay from 16 channels on each side, where
  /// tiles are not mostly empty.
  init(_ sizes: ConvolutionSizes, isWeightGradient: Bool) {
    let isPlain = sizes.groups == 1 && sizes.isUnitStride && sizes.dilationY == 1 && sizes.dilationX == 1
    let isThree = sizes.kernelHeight == 3 && sizes.kernelWidth == 3
    if sizes.isDepthwise {
      self = .depthwise
    } else if sizes.groups == 1, sizes.outputs <= 8, sizes.channels > 8 {
      self = .thin
    } else if isPlain, isThree, sizes.channels >= 16, sizes.outputs >= 16,
      saturatedProduct(Self.leastFilling, sizes.tiles) <= saturatedProduct(sizes.outHeight, sizes.outWidth)
    {
      self = saturatedProduct(sizes.channels, sizes.outputs) <= Self.largestWinograd ? .winograd : .wide
    } else if isWeightGradient, sizes.groups == 1, sizes.channels >= 16, sizes.outputs >= 16,
      saturatedProduct(sizes.taps, sizes.channels, sizes.outputs)
        >= min(Self.leastBlocks, saturatedProduct(Self.leastReuse, sizes.outHeight, sizes.outWidth))
    {
      self = .blocks
    } else {
      self = .direct
    }
  }

  /// Weights from which on sums for blocks of images leave the caches, as measured.
  private static let leastBlocks = 1 << 18
  /// Weights for each pixel of a result from which on sums are loaded and stored more often than multiplied, as measured.
  private static let leastReuse = 1 << 10

  /// Products of channels and outputs up to which transformed weights, 36 floats for each, are read from near caches.
  private static let largestWinograd = 128 * 128
  /// Results of a tile on average, of its 16, from which on 36 products and transforms take less than 9 products for each result.
  private static let leastFilling = 5
}

extension ConvolutionSizes {
  /// Winograd tiles that cover one result.
  public var tiles: Int { saturatedProduct(blockCount(outHeight, tileExtent), blockCount(outWidth, tileExtent)) }
}
