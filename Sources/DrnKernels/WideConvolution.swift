/// A convolution whose images are transformed whole, some at a time, before blocks of outputs are multiplied: Winograd's F(4 x 4, 3 x 3) for many
/// channels.
public struct WideConvolution: BitwiseCopyable, Hashable, Sendable {
  /// The sizes of the convolution itself.
  public let sizes: ConvolutionSizes
  /// Images transformed at a time, all of a round but the last.
  public let images: Int

  init(_ sizes: ConvolutionSizes) {
    self.sizes = sizes
    images = min(max(sizes.batch, 1), max(Self.mostTiles / max(sizes.tiles, 1), 1))
  }

  /// Tiles of a round: many for each transformed weight, few enough for outer caches.
  private static let mostTiles = 256
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

  /// Floats of the transformed images of a round.
  public var imagesFloats: Int { floats(sizes.channels) }
  /// Floats of the transformed gradients of their results.
  public var upstreamFloats: Int { floats(sizes.outputs) }
  /// Floats of what a task keeps: transformed weights and products of a convolution, which are more than the sums of a gradient.
  var taskFloats: Int {
    let width = min(roundedToBlock(sizes.outputs), Self.outputsOfTask)
    let tiles = min(saturatedProduct(images, sizes.tiles), Self.tilesOfTask)
    return tilePoints * (Self.channelsOfTask * width + 16 + max(tiles, 16) * width + 16)
  }

  private func floats(_ channels: Int) -> Int {
    saturatedProduct(tilePoints, saturatedSum(saturatedProduct(roundedToBlock(channels), images, sizes.tiles), 16))
  }
}
