import DrnIR

/// The windows that move over a batch of images `[batch, height, width, channels]`.
struct ImageWindows {
  let channels: Int
  private let geometry: ConvolutionGeometry
  private let image: [Int]
  private let output: (height: Int, width: Int)

  /// `shape` is that of the images.
  init(_ shape: [Int], _ attributes: Attributes) throws(ReferenceError) {
    guard shape.count == 4, let geometry = ConvolutionGeometry(attributes),
      let output = geometry.output(height: shape[1], width: shape[2])
    else { throw ReferenceError("the windows of \(shape) are not known") }
    (image, channels) = (shape, shape[3])
    self.geometry = geometry
    self.output = output
  }

  /// Calls `body` for every tap of every window, in row-major order, with the number of the window, of the tap and of the pixel under it;
  /// `nil` in the padding.
  func forEachTap(_ body: (_ window: Int, _ tap: Int, _ pixel: Int?) -> Void) {
    for sample in 0..<image[0] {
      for y in 0..<output.height {
        for x in 0..<output.width {
          let window = (sample * output.height + y) * output.width + x
          for i in 0..<geometry.kernel.height {
            for j in 0..<geometry.kernel.width {
              body(window, i * geometry.kernel.width + j, pixel(sample, y, x, i, j))
            }
          }
        }
      }
    }
  }

  private func pixel(_ sample: Int, _ y: Int, _ x: Int, _ i: Int, _ j: Int) -> Int? {
    let row = y * geometry.stride.height + i * geometry.dilation.height - geometry.padding.top
    let column = x * geometry.stride.width + j * geometry.dilation.width - geometry.padding.left
    guard (0..<image[1]).contains(row), (0..<image[2]).contains(column) else { return nil }
    return (sample * image[1] + row) * image[2] + column
  }

  var windowCount: Int { image[0] * output.height * output.width }
  var tapCount: Int { geometry.kernel.height * geometry.kernel.width }
}
