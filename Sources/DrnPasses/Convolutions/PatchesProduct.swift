import DrnIR

extension ConvolutionGeometry {
  /// Whether products with its patches become convolutions. Those of one tap stay products: their patches are no larger than the image, and
  /// general products are the fastest convolutions of such windows at any stride.
  var becomesConvolution: Bool { taps != 1 }
}

/// A matrix of patches and where it comes from.
struct Patches {
  let image: Value
  let geometry: ConvolutionGeometry
  /// Batch, height and width of the windows.
  let windows: [Dimension]
  let rows: Dimension

  /// `shape` is that of the image; `nil` where it is no image.
  init?(of image: Value, _ geometry: ConvolutionGeometry, _ shape: [Dimension], rows: Dimension) {
    guard shape.count == 4, let height = shape[1].value, let width = shape[2].value,
      let output = geometry.output(height: height, width: width)
    else { return nil }
    self.image = image
    self.geometry = geometry
    self.rows = rows
    windows = [shape[0], Dimension(output.height), Dimension(output.width)]
  }
}

/// A `matmul` of two factors without an epilogue.
struct PlainProduct {
  let left: ChainFactor
  let right: ChainFactor

  init?(_ operation: Operation) {
    guard operation.opcode == .matmul, operation.operands.count == 2, operation.attributes["epilogue"] == nil else { return nil }
    left = ChainFactor(value: operation.operands[0], isTransposed: operation.attributes.boolean("transpose_left") ?? false)
    right = ChainFactor(value: operation.operands[1], isTransposed: operation.attributes.boolean("transpose_right") ?? false)
  }
}
