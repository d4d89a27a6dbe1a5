import DrnIR

/// The softmax of the features of each example, or of each position of a sequence: e^x over its sum.
public struct SoftmaxLayer: Layer {
  public static let spec = MethodSpec("softmax", summary: "The softmax of the features of each example or position: e^x over its sum.")
  public static let inputCount = 1
  public let options: Options
  public init(options: Options) { self.options = options }
  public func infer(_ inputs: [[Int]]) throws(LayerError) -> [Int] { try inputs.onlyRows() }
  public func parameters(_ inputs: [[Int]]) -> [LayerParameter] { [] }
  public func buffers(_ inputs: [[Int]]) -> [LayerBuffer] { [] }
  public func continuation(_ inputs: [[Int]]) -> LayerContinuation { .positionwise }
  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    let logarithms = try context.builder.emitOne(.logSoftmax, [try inputs.only()])
    return try context.builder.emitOne(.exponential, [logarithms])
  }
}

/// The logarithms of the softmax, finite where the softmax itself would be rounded to 0.
public struct LogSoftmax: Layer {
  public static let spec = MethodSpec("log_softmax", summary: "The logarithms of the softmax of the features of each example or position.")
  public static let inputCount = 1
  public let options: Options
  public init(options: Options) { self.options = options }
  public func infer(_ inputs: [[Int]]) throws(LayerError) -> [Int] { try inputs.onlyRows() }
  public func parameters(_ inputs: [[Int]]) -> [LayerParameter] { [] }
  public func buffers(_ inputs: [[Int]]) -> [LayerBuffer] { [] }
  public func continuation(_ inputs: [[Int]]) -> LayerContinuation { .positionwise }
  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    try context.builder.emitOne(.logSoftmax, [try inputs.only()])
  }
}
