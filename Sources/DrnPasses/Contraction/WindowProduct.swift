import DrnIR

/// A product with a matrix of patches, which runs as a convolution or as a gradient of one.
public struct WindowProduct: Hashable, Sendable {
  /// Windows of all images, the rows of the matrix of patches.
  public var windows: Int
  /// Pixels of all images.
  public var pixels: Int
  /// Taps of a window.
  public var taps: Int
  /// Channels of a pixel; with the taps, the columns of the matrix of patches.
  public var channels: Int
  /// What the other factor makes of a window.
  public var outputs: Int
  /// Whether windows are 3 x 3 of neighbouring pixels, one for every pixel.
  public var isDenseThree: Bool

  public init(windows: Int, pixels: Int, taps: Int, channels: Int, outputs: Int, isDenseThree: Bool) {
    self.windows = windows
    self.pixels = pixels
    self.taps = taps
    self.channels = channels
    self.outputs = outputs
    self.isDenseThree = isDenseThree
  }

  /// The windows of an operation over an image of that shape, with no outputs yet; `nil` where they are not known.
  init?(_ attributes: Attributes, image: [Int]) {
    guard let geometry = ConvolutionGeometry(attributes), let taps = geometry.taps, image.count == 4,
      let output = geometry.output(height: image[1], width: image[2])
    else { return nil }
    let windows = TensorType.f32([image[0], output.height, output.width].map { Dimension($0) }).elementCount
    let pixels = TensorType.f32(image.prefix(3).map { Dimension($0) }).elementCount
    guard let windows, let pixels else { return nil }
    let isDenseThree = geometry.kernel == Extent2(3) && geometry.stride == Extent2(1) && geometry.dilation == Extent2(1)
    self.init(windows: windows, pixels: pixels, taps: taps, channels: image[3], outputs: 0, isDenseThree: isDenseThree)
  }

  /// The product with a factor of so many outputs.
  func with(outputs: Int) -> WindowProduct {
    var product = self
    product.outputs = outputs
    return product
  }
  /// The gradient by the image, from one of so many outputs: channels and outputs change places.
  func reversed(outputs: Int) -> WindowProduct {
    var product = self
    (product.channels, product.outputs) = (outputs, channels)
    (product.windows, product.pixels) = (pixels, windows)
    // A gradient with a stride visits each window once, not each pixel.
    if windows < pixels { product.windows = windows }
    return product
  }
}

extension ContractionCostModel {
  /// Seconds of a convolution, or of a gradient of one. Vector lanes hold outputs or, where those are at most half a vector, channels;
  /// dense windows of 3 x 3 take fewer products by transforms (Lavin and Gray, 2016, "Fast algorithms for convolutional neural networks"),
  /// with shares of the direct time as measured at 16, 32 and 64 channels. Memory is that of image, result and weight, not of patches.
  public func time(_ product: WindowProduct) -> Double {
    let (channels, outputs) = (Double(product.channels), Double(product.outputs))
    let block = Double(max(1, lanes))
    let perTap: Double
    if outputs <= block / 2, channels > block / 2 {
      perTap = outputs * (channels / block).rounded(.up) * block
    } else {
      perTap = channels * (outputs / block).rounded(.up) * block * transformedShare(product)
    }
    let operations = 2 * Double(product.windows) * Double(product.taps) * perTap
    let elements =
      Double(product.pixels) * channels + Double(product.windows) * outputs + Double(product.taps) * channels * outputs
    return operations / peak + 4 * elements / bandwidth
  }

  private func transformedShare(_ product: WindowProduct) -> Double {
    let least = min(product.channels, product.outputs)
    // Transformed weights, 36 numbers for each, that leave the cache lose what the transform gains.
    guard product.isDenseThree, least >= lanes, Double(product.channels) * Double(product.outputs) <= 128 * 128 else { return 1 }
    return least < 2 * lanes ? 0.41 : least < 4 * lanes ? 0.34 : 0.30
  }
}

/// Which products of a function read patches or give their gradient.
struct WindowUses {
  private var patches: [Value: WindowProduct] = [:]
  private var gradients: [Value: WindowProduct] = [:]

  init(_ function: Function) {
    for operation in function.operations where operation.opcode == .patches {
      guard let image = operation.operands.first, let matrix = operation.results.first,
        let shape = function.type(of: image).extents
      else { continue }
      patches[matrix] = WindowProduct(operation.attributes, image: shape)
    }
    for operation in function.operations.reversed() {
      if operation.opcode == .patchesGradient, let matrix = operation.operands.first {
        let shape = (operation.attributes.dimensions("shape") ?? []).compactMap(\.value)
        gradients[matrix] = WindowProduct(operation.attributes, image: shape)
      } else if Self.isLinear(operation.opcode), let product = operation.results.first.flatMap({ gradients[$0] }) {
        // A sum of products is pulled back term by term.
        for operand in operation.operands where function.type(of: operand).rank == 2 { gradients[operand] = product }
      }
    }
  }

  private static func isLinear(_ opcode: Opcode) -> Bool {
    opcode == .add || opcode == .subtract || opcode == .negate || opcode == .multiply
  }

  /// The chain with its factors that are patches, and its result where that is the gradient of patches.
  func mark(_ chain: Chain, result: Value?) -> Chain {
    var chain = chain
    for (index, factor) in chain.factors.enumerated() { chain.windows[index] = patches[factor.value] }
    chain.resultWindows = result.flatMap { gradients[$0] }
    return chain
  }
}
