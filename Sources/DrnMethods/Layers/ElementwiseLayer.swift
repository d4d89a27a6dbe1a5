import DrnIR

/// A layer without tensors that applies one operation to each element.
protocol ElementwiseLayer: Layer {
  static var opcode: Opcode { get }
}

extension ElementwiseLayer {
  public static var inputCount: Int { 1 }
  public func infer(_ inputs: [[Int]]) throws(LayerError) -> [Int] { try inputs.only() }
  public func parameters(_ inputs: [[Int]]) -> [LayerParameter] { [] }
  public func buffers(_ inputs: [[Int]]) -> [LayerBuffer] { [] }
  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    try context.builder.emitOne(Self.opcode, inputs)
  }
}

extension [[Int]] {
  /// The shape of the one input.
  func only() throws(LayerError) -> [Int] {
    guard count == 1 else { throw LayerError("takes 1 tensor, but is given \(count)") }
    return self[0]
  }
  /// The length of the one input, a vector.
  func onlyVector() throws(LayerError) -> Int {
    let shape = try only()
    guard shape.count == 1 else {
      throw LayerError("expects a vector, but its input has shape \(shape)", help: shape.isEmpty ? nil : "put `flatten` before it")
    }
    return shape[0]
  }
}

extension [Value] {
  /// The one value a layer takes.
  func only() throws(IRError) -> Value {
    guard count == 1 else { throw IRError("a layer of one tensor is given \(count)") }
    return self[0]
  }
}
