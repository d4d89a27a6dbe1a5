import DrnIR

/// y = x W^T with the matrix W of another layer, or y = x W: one weight in two places, with the sum of both gradients.
public struct Tied: Layer {
  public static let spec = MethodSpec(
    "tied",
    summary:
      "y = x W^T with the weight of another layer, which is named: `tied(embed)`. Both have one weight, in whatever form it is, and what trains it sees both gradients.",
    source: "Press and Wolf 2017, arXiv 1608.05859",
    options: [
      OptionSpec("transpose", .boolean, default: .boolean(true), "Whether W is transposed; `false` takes W as its own layer does."),
      OptionSpec("bias", .boolean, default: .boolean(false), "Whether a bias of its own is added, at first zero."),
    ])
  public static let inputCount = 2
  public static let takesWeight = true
  private let isTransposed: Bool
  private let hasBias: Bool
  public let options: Options
  public init(options: Options) {
    self.options = options
    isTransposed = options.boolean("transpose") ?? true
    hasBias = options.boolean("bias") ?? false
  }

  public func infer(_ inputs: [[Int]]) throws(LayerError) -> [Int] {
    guard inputs.count == 2, let weight = inputs.last, weight.count == 2 else {
      throw LayerError("takes a tensor and the name of a layer with a weight")
    }
    let rows = try [inputs[0]].onlyRows()
    let (taken, given) = isTransposed ? (weight[1], weight[0]) : (weight[0], weight[1])
    guard rows.last == taken else {
      let other = rows.last == given ? (isTransposed ? "`transpose: false`" : "`transpose: true`") : nil
      throw LayerError(
        "a weight of \(weight[0]) x \(weight[1])\(isTransposed ? ", transposed," : "") takes \(taken) features, but the input has shape \(rows)",
        help: other.map { "write \($0)" } ?? "give both the same width")
    }
    return rows.dropLast() + [given]
  }
  public func parameters(_ inputs: [[Int]]) -> [LayerParameter] {
    guard hasBias, let outputs = (try? infer(inputs))?.last else { return [] }
    return [LayerParameter("bias", .vector(outputs), initializer: .zeros)]
  }
  public func buffers(_ inputs: [[Int]]) -> [LayerBuffer] { [] }
  public func continuation(_ inputs: [[Int]]) -> LayerContinuation { .positionwise }

  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    guard inputs.count == 2 else { throw IRError("tied needs a tensor and a weight") }
    let product = try context.builder.matmul(inputs[0], inputs[1], transposeRight: isTransposed)
    guard hasBias else { return product }
    let shape = context.builder.type(of: product).shape
    return try context.builder.add(product, try context.builder.broadcast(try context.tensor("bias"), to: shape, axes: [1]))
  }
}
