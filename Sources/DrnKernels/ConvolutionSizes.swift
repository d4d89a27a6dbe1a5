import DrnIR

/// The sizes of a convolution of channels-last images, or of its gradients.
public struct ConvolutionSizes: BitwiseCopyable, Hashable, Sendable {
  /// Images.
  public var batch: Int
  /// Rows of an image.
  public var height: Int
  /// Columns of an image.
  public var width: Int
  /// Channels of an image.
  public var channels: Int
  /// Rows of a result.
  public var outHeight: Int
  /// Columns of a result.
  public var outWidth: Int
  /// Channels of a result.
  public var outputs: Int
  /// Parts of the channels that do not see each other; at least 1.
  public var groups: Int
  /// Taps down.
  public var kernelHeight: Int
  /// Taps across.
  public var kernelWidth: Int
  /// Rows of the image from one row of results to the next.
  public var strideY: Int
  /// Columns of the image from one column of results to the next.
  public var strideX: Int
  /// Rows of the image from one tap to the next.
  public var dilationY: Int
  /// Columns of the image from one tap to the next.
  public var dilationX: Int
  /// Rows of zeros above the image; negative where rows of the image are left out.
  public var top: Int
  /// Columns of zeros to the left of the image.
  public var left: Int

  /// The sizes from the shapes of the image and of the result, and the attributes; `nil` where they do not fit each other.
  public init?(image: [Int], result: [Int], _ attributes: Attributes) {
    guard image.count == 4, result.count == 4, let geometry = ConvolutionGeometry(attributes) else { return nil }
    (batch, height, width, channels) = (image[0], image[1], image[2], image[3])
    (outHeight, outWidth, outputs) = (result[1], result[2], result[3])
    groups = max(attributes.integer("groups") ?? 1, 1)
    (kernelHeight, kernelWidth) = (geometry.kernel.height, geometry.kernel.width)
    (strideY, strideX) = (geometry.stride.height, geometry.stride.width)
    (dilationY, dilationX) = (geometry.dilation.height, geometry.dilation.width)
    (top, left) = (geometry.padding.top, geometry.padding.left)
  }

  /// Taps of the window.
  public var taps: Int { kernelHeight * kernelWidth }
  /// Channels that one result sees.
  public var channelsOfGroup: Int { channels / groups }
  /// Channels of the result that one group makes.
  public var outputsOfGroup: Int { outputs / groups }
  /// Whether neighbouring results are of neighbouring windows on both axes.
  public var isUnitStride: Bool { strideY == 1 && strideX == 1 }
  /// Floats of one image and of one result.
  public var imageFloats: Int { height * width * channels }
  /// Floats of one result.
  public var resultFloats: Int { outHeight * outWidth * outputs }

  /// The convolution of the result's gradient that gives the image's, at stride 1: the window turned around, channels and outputs exchanged.
  public var reversed: ConvolutionSizes {
    var sizes = self
    (sizes.height, sizes.width, sizes.channels) = (outHeight, outWidth, outputs)
    (sizes.outHeight, sizes.outWidth, sizes.outputs) = (height, width, channels)
    sizes.top = dilationY * (kernelHeight - 1) - top
    sizes.left = dilationX * (kernelWidth - 1) - left
    return sizes
  }
}

extension ConvolutionSizes {
  /// Every channel is convolved by itself.
  public var isDepthwise: Bool { groups > 1 && groups == channels && groups == outputs }

  /// The sizes of a convolution or of one of its gradients; `nil` for other operations.
  public init?(_ operation: Operation, _ function: Function) {
    let first = extents(operation, 0, function)
    let second = extents(operation, 1, function)
    let result = operation.results.first.flatMap { function.type(of: $0).extents } ?? []
    guard case .convolve(let op) = operation.opcode else { return nil }
    switch op {
    case .forward: self.init(image: first, result: result, operation.attributes)
    case .inputGradient: self.init(image: result, result: first, operation.attributes)
    case .weightGradient: self.init(image: first, result: second, operation.attributes)
    }
  }
}

/// `count` rounded up to the 16 floats of a block of channels.
public func roundedToBlock(_ count: Int) -> Int { (min(count, Int.max - 15) + 15) / 16 * 16 }
