import DrnIR

/// Turns a tensor per example into a vector, in row-major order of the shape the language shows: an image is read channel by channel, a sequence
/// position by position.
public struct Flatten: Layer {
  public static let spec = MethodSpec("flatten", summary: "The elements of each example as one vector, in row-major order.")
  public static let inputCount = 1
  public let options: Options
  public init(options: Options) { self.options = options }

  public func infer(_ inputs: [[Int]]) throws(LayerError) -> [Int] {
    let shape = try inputs.only()
    guard let count = TensorType.f32(shape.map { Dimension($0) }).elementCount else {
      throw LayerError("cannot count the elements of shape \(shape)")
    }
    return [count]
  }
  public func parameters(_ inputs: [[Int]]) -> [LayerParameter] { [] }
  public func buffers(_ inputs: [[Int]]) -> [LayerBuffer] { [] }
  public func lengthRule(_ inputs: [[Int]]) -> LengthRule { .refused("makes one vector of an example's own positions and of its filling") }
  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    let given = try inputs.only()
    let input = context.builder.type(of: given).rank == 4 ? try context.builder.channelsFirst(given) : given
    guard let example = context.inputs.first, let count = TensorType.f32(example.map { Dimension($0) }).elementCount else {
      throw IRError("flatten has no input")
    }
    return example.count == 1 ? input : try context.builder.reshape(input, to: [Dimension(context.batch), Dimension(count)])
  }
}
