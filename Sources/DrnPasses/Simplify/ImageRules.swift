import DrnIR

extension Simplifier {
  /// Orders of channels that undo each other disappear; those that move nothing, and patches that are the image itself, are reshapes; and
  /// a convolution over such patches is a product.
  mutating func simplifyImage(_ operation: Operation, type: TensorType) throws(IRError) -> Value? {
    if operation.opcode == .channelsLast { return try reorder(operation, undoing: .channelsFirst, channels: 1, type) }
    if operation.opcode == .channelsFirst { return try reorder(operation, undoing: .channelsLast, channels: 3, type) }
    guard let image = imageShape(operation, type), let geometry = ConvolutionGeometry(operation.attributes),
      geometry.leavesImage(height: image[1].value, width: image[2].value)
    else { return nil }
    if operation.opcode == .patches || operation.opcode == .patchesGradient { return try reshape(operation.operands[0], to: type.shape) }
    return operation.attributes.integer("groups") == 1 ? try multiply(operation, type: type) : nil
  }

  /// `channels` is the axis of the channels in the operand.
  private mutating func reorder(
    _ operation: Operation, undoing inverse: Opcode, channels: Int, _ type: TensorType
  ) throws(IRError) -> Value? {
    let operand = operation.operands[0]
    if let source = definition(operand, inverse)?.operands.first { return source }
    let shape = self.type(of: operand).shape
    let pixels = shape.indices.filter { $0 != 0 && $0 != channels }
    guard shape[channels] == 1 || pixels.allSatisfy({ shape[$0] == 1 }) else { return nil }
    return try reshape(operand, to: type.shape)
  }

  /// The shape of the image that the windows of an operation move over.
  private func imageShape(_ operation: Operation, _ type: TensorType) -> [Dimension]? {
    let isOfOperand: Set<Opcode> = [.patches, .convolution, .convolutionWeightGradient]
    if isOfOperand.contains(operation.opcode) { return self.type(of: operation.operands[0]).shape }
    return operation.opcode == .patchesGradient || operation.opcode == .convolutionInputGradient ? type.shape : nil
  }

  /// A convolution, or a gradient of one, whose patches are the image: rows are windows, columns what they hold.
  private mutating func multiply(_ operation: Operation, type: TensorType) throws(IRError) -> Value? {
    let (first, second) = (operation.operands[0], operation.operands[1])
    if operation.opcode == .convolution {
      guard let rows = type.rows else { return nil }
      let patches = try reshape(first, to: [rows, self.type(of: second).shape[0]])
      return try reshape(try matmul(patches, second), to: type.shape)
    }
    if operation.opcode == .convolutionInputGradient {
      guard let rows = self.type(of: first).rows else { return nil }
      let gradient = try reshape(first, to: [rows, self.type(of: second).shape[1]])
      return try reshape(try matmul(gradient, second, transposeRight: true), to: type.shape)
    }
    guard let rows = self.type(of: second).rows else { return nil }
    let patches = try reshape(first, to: [rows, type.shape[0]])
    return try matmul(patches, try reshape(second, to: [rows, type.shape[1]]), transposeLeft: true)
  }

  private mutating func matmul(
    _ left: Value, _ right: Value, transposeLeft: Bool = false, transposeRight: Bool = false
  ) throws(IRError) -> Value {
    try emitOne(.matmul, [left, right], ["transpose_left": .boolean(transposeLeft), "transpose_right": .boolean(transposeRight)])
  }
}

extension ConvolutionGeometry {
  /// Whether the patches of an image of that size are its elements in their order: one window for each pixel, or one for all.
  fileprivate func leavesImage(height: Int?, width: Int?) -> Bool {
    isPointwise || padding == .none && dilation == Extent2(1) && kernel.height == height && kernel.width == width
  }
}
