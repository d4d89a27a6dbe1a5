import DrnIR
import DrnKernels

/// A product with a matrix of patches, which runs as a convolution or as a gradient of one.
struct WindowProduct: Hashable {
  /// Without outputs, which the other factor gives.
  private var sizes: ConvolutionSizes

  /// The windows of an operation over an image of that shape; `nil` where they are not known, or where products with their patches stay products.
  init?(_ attributes: Attributes, image: [Int]) {
    guard let geometry = ConvolutionGeometry(attributes), geometry.taps != nil, geometry.becomesConvolution, image.count == 4,
      let output = geometry.output(height: image[1], width: image[2]),
      let sizes = ConvolutionSizes(image: image, result: [image[0], output.height, output.width, 0], attributes),
      TensorType.f32([image[0], output.height, output.width].map { Dimension($0) }).elementCount != nil
    else { return nil }
    self.sizes = sizes
  }

  /// As one of several devices has it, which has its share of the images.
  func divided(by devices: Int) -> WindowProduct {
    var share = self
    if sizes.batch.isMultiple(of: devices) { share.sizes.batch /= devices }
    return share
  }

  /// What it does as an operation of that kind with so many outputs.
  func work(_ opcode: Opcode, outputs: Int) -> KernelWork {
    var sizes = sizes
    sizes.outputs = outputs
    return KernelWork(opcode, sizes)
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
