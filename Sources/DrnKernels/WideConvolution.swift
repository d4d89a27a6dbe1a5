/// A convolution of many channels, or its gradient by the weight: some images at a time are rearranged whole, transformed where it is Winograd's,
/// before blocks of outputs are multiplied.
public struct WideConvolution: BitwiseCopyable, Hashable, Sendable {
  /// The sizes of the convolution itself.
  public let sizes: ConvolutionSizes
  /// Whether tiles are transformed, rather than pixels copied.
  public let isTransformed: Bool
  /// Images of every round but the last.
  public let images: Int
  /// Pixels of a padded image.
  public let paddedPixels: Int

  init(_ plan: ConvolutionPlan) {
    sizes = plan.sizes
    isTransformed = plan.method == .wide
    paddedPixels = saturatedProduct(plan.paddedHeight, plan.paddedWidth)
    let (pieces, most) =
      isTransformed ? (sizes.tiles, Self.mostTiles) : (saturatedProduct(sizes.outHeight, sizes.outWidth), Self.mostPixels)
    images = min(max(sizes.batch, 1), max(most / max(pieces, 1), 1))
  }

  /// Tiles or pixels of a round: many for each weight, few enough for outer caches.
  private static let mostTiles = 256
  private static let mostPixels = 1024
  /// Tiles, outputs and, of the gradient by the weight, channels of one task.
  public static let tilesOfTask = 64
  /// Outputs of one task.
  public static let outputsOfTask = 64
  /// Channels of one task of the gradient by the weight; of a convolution, those whose weights are transformed at a time.
  public static let channelsOfTask = 64

  /// Rounds, one after the other.
  public var rounds: Int { blockCount(sizes.batch, images) }
  /// The images of a round.
  public func images(of round: Int) -> Range<Int> { round * images..<min((round + 1) * images, sizes.batch) }
  /// Blocks of outputs.
  public var outputBlocks: Int { blockCount(sizes.outputs, Self.outputsOfTask) }
  /// Blocks of channels.
  public var channelBlocks: Int { blockCount(sizes.channels, Self.channelsOfTask) }
  /// Blocks of tiles of so many images.
  public func tileBlocks(of images: Int) -> Int { blockCount(saturatedProduct(images, sizes.tiles), Self.tilesOfTask) }

  /// Floats of the rearranged images of a round.
  public var imagesFloats: Int {
    isTransformed ? floats(sizes.channels) : saturatedProduct(roundedToBlock(sizes.channels), images, paddedPixels)
  }
  /// Floats of the rearranged gradients of their results.
  public var upstreamFloats: Int {
    isTransformed
      ? floats(sizes.outputs) : saturatedProduct(roundedToBlock(sizes.outputs), images, saturatedProduct(sizes.outHeight, sizes.outWidth))
  }
  /// Floats of what a task keeps: transformed weights and products of a convolution, which are more than the sums of a gradient.
  var taskFloats: Int {
    guard isTransformed else { return 0 }
    let width = min(roundedToBlock(sizes.outputs), Self.outputsOfTask)
    let tiles = min(saturatedProduct(images, sizes.tiles), Self.tilesOfTask)
    return tilePoints * (Self.channelsOfTask * width + 16 + max(tiles, 16) * width + 16)
  }

  private func floats(_ channels: Int) -> Int {
    saturatedProduct(tilePoints, saturatedSum(saturatedProduct(roundedToBlock(channels), images, sizes.tiles), 16))
  }
}
