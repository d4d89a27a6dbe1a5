import DrnIR

/// The sum of two tensors of one shape; what `+` between tensors means.
public struct Add: Layer {
  public static let spec = MethodSpec("add", summary: "The sum of two tensors of one shape.")
  public static let inputCount = 2
  public let options: Options
  public init(options: Options) { self.options = options }

  public func infer(_ inputs: [[Int]]) throws(LayerError) -> [Int] {
    guard inputs.count == 2 else { throw LayerError("takes 2 tensors, but is given \(inputs.count)") }
    guard inputs[0] == inputs[1] else { throw LayerError("adds tensors of one shape, but is given \(inputs[0]) and \(inputs[1])") }
    return inputs[0]
  }
  public func parameters(_ inputs: [[Int]]) -> [LayerParameter] { [] }
  public func buffers(_ inputs: [[Int]]) -> [LayerBuffer] { [] }
  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    try context.builder.emitOne(.add, inputs)
  }
}
