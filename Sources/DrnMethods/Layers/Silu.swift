import DrnIR

/// x sigmoid(x), element by element.
public struct Silu: PointwiseLayer {
  public static let spec = MethodSpec(
    "silu", summary: "x sigmoid(x), element by element; also called swish.", source: "Elfwing, Uchibe and Doya 2017, arXiv 1702.03118")
  public let options: Options
  public init(options: Options) { self.options = options }
  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    let input = try inputs.only()
    return try context.builder.multiply(input, try context.builder.emitOne(.sigmoid, [input]))
  }
}

/// The first half of the features times the sigmoid of the second.
public struct GatedLinearUnit: Layer {
  public static let spec = MethodSpec(
    "glu", summary: "The first half of the features times the sigmoid of the second half.",
    source: "Dauphin et al. 2016, arXiv 1612.08083")
  public static let inputCount = 1
  public let options: Options
  public init(options: Options) { self.options = options }
  public func infer(_ inputs: [[Int]]) throws(LayerError) -> [Int] {
    let shape = try inputs.onlyRows()
    guard let features = shape.last, features % 2 == 0 else {
      throw LayerError("halves the features, but its input has shape \(shape)", help: "give it an even number of features")
    }
    return shape.dropLast() + [features / 2]
  }
  public func parameters(_ inputs: [[Int]]) -> [LayerParameter] { [] }
  public func buffers(_ inputs: [[Int]]) -> [LayerBuffer] { [] }
  public func continuation(_ inputs: [[Int]]) -> LayerContinuation { .positionwise }
  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    let input = try inputs.only()
    let shape = context.builder.type(of: input).shape
    guard shape.count == 2, let features = shape[1].value else { throw IRError("glu needs a matrix") }
    let sizes = [shape[0], Dimension(features / 2)]
    let values = try context.builder.slice(input, starts: [0, 0], sizes: sizes)
    let gates = try context.builder.slice(input, starts: [0, Dimension(features / 2)], sizes: sizes)
    return try context.builder.multiply(values, try context.builder.emitOne(.sigmoid, [gates]))
  }
}
