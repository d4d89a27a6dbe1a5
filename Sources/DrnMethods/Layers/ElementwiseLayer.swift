import DrnIR

/// A layer of one input without tensors whose result has the input's shape.
protocol PointwiseLayer: Layer {}

extension PointwiseLayer {
  public static var inputCount: Int { 1 }
  public func infer(_ inputs: [[Int]]) throws(LayerError) -> [Int] { try inputs.only() }
  public func parameters(_ inputs: [[Int]]) -> [LayerParameter] { [] }
  public func buffers(_ inputs: [[Int]]) -> [LayerBuffer] { [] }
  public func continuation(_ inputs: [[Int]]) -> LayerContinuation { .positionwise }
}

/// A layer without tensors that applies one operation to each element.
protocol ElementwiseLayer: PointwiseLayer {
  static var opcode: Opcode { get }
}

extension ElementwiseLayer {
  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    try context.builder.emitOne(Self.opcode, inputs)
  }
}

extension [Value] {
  /// The one value a layer takes.
  func only() throws(IRError) -> Value {
    guard count == 1 else { throw IRError("a layer of one tensor is given \(count)") }
    return self[0]
  }
}
