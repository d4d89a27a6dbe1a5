import DrnIR

/// The channels of two images, or the features of two vectors or sequences, one after the other.
public struct Concatenation: Layer {
  public static let spec = MethodSpec(
    "concat",
    summary:
      "The channels of two images of one size, or the features of two vectors or of two sequences of one length, one after the other.")
  public static let inputCount = 2
  public let options: Options
  public init(options: Options) { self.options = options }

  public func infer(_ inputs: [[Int]]) throws(LayerError) -> [Int] {
    guard inputs.count == 2 else { throw LayerError("takes 2 tensors, but is given \(inputs.count)") }
    let (first, second) = (inputs[0], inputs[1])
    let axis = first.featureAxis
    guard first.count == second.count, (1...3).contains(first.count), first.indices.allSatisfy({ $0 == axis || first[$0] == second[$0] })
    else {
      throw LayerError("joins images of one size, sequences of one length, or vectors, but is given \(first) and \(second)")
    }
    let (sum, overflow) = first[axis].addingReportingOverflow(second[axis])
    guard !overflow else { throw LayerError("the result would have too many features") }
    var shape = first
    shape[axis] = sum
    return shape
  }
  public func parameters(_ inputs: [[Int]]) -> [LayerParameter] { [] }
  public func buffers(_ inputs: [[Int]]) -> [LayerBuffer] { [] }
  public func continuation(_ inputs: [[Int]]) -> LayerContinuation { .positionwise }
  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    let rank = inputs.first.map { context.builder.type(of: $0).rank } ?? 2
    return try context.builder.concatenate(inputs, axis: rank - 1)
  }
}
