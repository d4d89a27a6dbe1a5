import DrnIR

/// The channels of two images, or the elements of two vectors, one after the other.
public struct Concatenation: Layer {
  public static let spec = MethodSpec(
    "concat", summary: "The channels of two images of one size, or the elements of two vectors, one after the other.")
  public static let inputCount = 2
  public let options: Options
  public init(options: Options) { self.options = options }

  public func infer(_ inputs: [[Int]]) throws(LayerError) -> [Int] {
    guard inputs.count == 2 else { throw LayerError("takes 2 tensors, but is given \(inputs.count)") }
    guard inputs[0].count == inputs[1].count, inputs[0].dropFirst() == inputs[1].dropFirst(), [1, 3].contains(inputs[0].count) else {
      throw LayerError("joins images of one height and width, or vectors, but is given \(inputs[0]) and \(inputs[1])")
    }
    let (sum, overflow) = inputs[0][0].addingReportingOverflow(inputs[1][0])
    guard !overflow else { throw LayerError("the result would have too many channels") }
    return [sum] + inputs[0].dropFirst()
  }
  public func parameters(_ inputs: [[Int]]) -> [LayerParameter] { [] }
  public func buffers(_ inputs: [[Int]]) -> [LayerBuffer] { [] }
  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    let rank = inputs.first.map { context.builder.type(of: $0).rank } ?? 2
    return try context.builder.concatenate(inputs, axis: rank - 1)
  }
}
