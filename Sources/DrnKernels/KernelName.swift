import DrnIR

/// What the kernel of an operation is called beside its times: the op, the method chosen for it, and its sizes. Operations of one name take
/// as long as each other.
public func kernelName(_ operation: Operation, _ function: Function) -> String {
  let name = operation.opcode.mnemonic
  if let sizes = ConvolutionSizes(operation, function) {
    return "\(name), \(methodName(operation.opcode, sizes)), \(sizes.text)"
  }
  if let product = ProductSizes(operation, function) {
    return name + (TallProduct(operation, function) == nil ? "" : ", tall") + ", \(product.rows) x \(product.inner) x \(product.columns)"
  }
  let values = operation.operands + operation.results
  let shapes = values.compactMap { function.type(of: $0).extents }
  let largest = shapes.max { elementCount($0) < elementCount($1) } ?? []
  let fullCount = shapes.filter { $0 == largest }.count
  return "\(name), \(fullCount) of " + (largest.isEmpty ? "one number" : largest.map(String.init).joined(separator: " x "))
}

private func elementCount(_ shape: [Int]) -> Int { shape.reduce(1) { saturatedProduct($0, $1) } }

private func methodName(_ opcode: Opcode, _ sizes: ConvolutionSizes) -> String {
  if opcode == .convolutionInputGradient { return InputGradientMethod(sizes).name }
  return "\(ConvolutionPlan(sizes, isWeightGradient: opcode == .convolutionWeightGradient).method)"
}

extension ConvolutionSizes {
  /// The window, the channels on both sides and the result's pixels.
  fileprivate var text: String {
    let stride = isUnitStride ? "" : " by \(strideY == strideX ? "\(strideY)" : "\(strideY) x \(strideX)")"
    let parts = groups == 1 ? "" : " in \(groups) groups"
    return "\(kernelHeight) x \(kernelWidth)\(stride), \(channels) to \(outputs) channels\(parts), \(batch) x \(outHeight) x \(outWidth)"
  }
}
