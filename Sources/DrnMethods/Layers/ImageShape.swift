import DrnIR

/// The shape of one image in the language: channels first.
struct ImageShape: Hashable {
  let channels: Int
  let height: Int
  let width: Int
  var extents: [Int] { [channels, height, width] }

  init(channels: Int, height: Int, width: Int) {
    self.channels = channels
    self.height = height
    self.width = width
  }
  /// `nil` unless the shape has three extents.
  init?(_ shape: [Int]) {
    guard shape.count == 3 else { return nil }
    self.init(channels: shape[0], height: shape[1], width: shape[2])
  }

  /// The same image after windows moved over it.
  func windows(_ geometry: ConvolutionGeometry, channels: Int) throws(LayerError) -> ImageShape {
    guard let result = geometry.output(height: height, width: width) else {
      let (kernel, padding) = (geometry.kernel, geometry.padding)
      let reach = [kernel.height, kernel.width].map { "\($0)" }.joined(separator: " x ")
      let spread = geometry.dilation == .one ? "" : " with dilation \(geometry.dilation.height) x \(geometry.dilation.width)"
      throw LayerError(
        "a kernel of \(reach)\(spread) does not fit an image of \(height) x \(width)",
        help: padding == .none ? "use a smaller kernel, or `padding: same`" : "use a smaller kernel")
    }
    return ImageShape(channels: channels, height: result.height, width: result.width)
  }
}

extension [[Int]] {
  /// The shape of the one input, an image.
  func onlyImage() throws(LayerError) -> ImageShape {
    let shape = try only()
    guard let image = ImageShape(shape) else {
      throw LayerError("expects an image of channels, height and width, but its input has shape \(shape)")
    }
    return image
  }
}
