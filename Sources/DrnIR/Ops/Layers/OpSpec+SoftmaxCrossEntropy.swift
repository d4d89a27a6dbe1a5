/// Cross entropy of a softmax with label smoothing and class weights, as `CrossEntropyLoss` of PyTorch with mean reduction:
/// sum_i [(1 - e) w_y nll_i + (e / C) sum_c w_c (-log p_ic)] / sum_i w_y, with y the label of row i and w = 1 where no weights are given.
///
/// A batch may be a part of a step: then the last sum is over the labels of the whole step, and the losses of its parts add up to its own.
extension OpSpec {
  private static let smoothing = AttributeSpec(
    "smoothing", .number(0), "The share e of the target spread evenly over all classes, in [0, 1).")

  static let softmaxCrossEntropy = define(
    .softmaxCrossEntropy,
    "The mean cross entropy of softmax(logits B x C) against labels (i32, B), optionally with class weights (C) and, with them, the labels of the whole step (i32) over whose total weight the mean is; a scalar.",
    arity: .between(2, 4), attributes: [smoothing],
    gradient: .single { (b: inout Builder, operation: Operation, dy: Value, wanted: [Bool]) throws(IRError) -> [Value?] in
      if wanted.dropFirst(2).contains(true) { throw IRError("the class weights of softmax_cross_entropy have no gradient") }
      let operands = [operation.operands[0], operation.operands[1], dy] + operation.operands.dropFirst(2)
      let gradient = try b.emitOne(.softmaxCrossEntropyGradient, operands, operation.attributes)
      return [gradient] + operation.operands.dropFirst().map { _ in nil }
    },
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      _ = try crossEntropyLogits(request, weights: 2)
      return [.scalar]
    })

  static let softmaxCrossEntropyGradient = define(
    .softmaxCrossEntropyGradient,
    "The gradient of softmax_cross_entropy by its logits, from logits, labels, the gradient of the loss (a scalar), optional class weights and, with them, the labels of the whole step.",
    arity: .between(3, 5), attributes: [smoothing],
    gradient: .undefined("gradients of gradients are not taken"),
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      let logits = try crossEntropyLogits(request, weights: 3)
      try request.require(2, is: .scalar, because: "as the gradient of the loss")
      return [.f32(logits)]
    })

  /// Checks logits, labels, smoothing, the class weights at index `weights` and the labels after them; returns the shape of the logits.
  private static func crossEntropyLogits(_ request: InferenceRequest, weights: Int) throws(IRError) -> [Dimension] {
    let logits = try request.shape(0, rank: 2)
    try request.require(1, is: TensorType(.i32, [logits[0]]), because: "as labels of logits \(logits.message)")
    if request.operands.count > weights {
      try request.require(weights, is: .f32([logits[1]]), because: "as class weights of logits \(logits.message)")
    }
    if request.operands.count > weights + 1 {
      let step = request.operands[weights + 1]
      guard step.element == .i32, step.shape.count == 1 else {
        throw IRError("the labels of a step are \(step.message), not a vector of i32")
      }
    }
    _ = try request.number("smoothing", in: 0..<1)
    return logits
  }
}
