import CKernels
import DrnIR
import DrnKernels
import DrnPlan

/// Cross entropy of rows of logits: the loss of each row, or the gradient of the mean.
private struct CrossEntropyContext: BitwiseCopyable {
  let logits: UnsafePointer<Float>
  let pitch: Int
  let labels: UnsafePointer<Int32>
  let rows: Int
  let classes: Int
  let smoothing: Float
  let weights: UnsafePointer<Float>?
  /// The labels over whose total weight the mean is: those of the whole step.
  let stepLabels: UnsafePointer<Int32>
  let stepCount: Int
  /// The loss of each row, for the loss.
  let losses: UnsafeMutablePointer<Float>?
  /// The gradient of the loss, a factor on the result, for the gradient.
  let upstream: UnsafePointer<Float>?
  let result: UnsafeMutablePointer<Float>
  let resultPitch: Int

  /// The sum of the weights of the labels, by which the mean divides.
  var totalWeight: Double {
    guard let weights else { return Double(rows) }
    return (0..<stepCount).reduce(0.0) { sum, row in
      let label = Int(stepLabels[row])
      return 0 <= label && label < classes ? sum + Double(weights[label]) : Double.nan
    }
  }
}

/// Rows of one task.
private let crossEntropyBlock = 64

private let runRowLosses: StepTask = { pointer, index in
  guard let task = pointer?.assumingMemoryBound(to: CrossEntropyContext.self).pointee else { return }
  var options = drn_cross_entropy_options(label_smoothing: task.smoothing, class_weights: task.weights, gradient_scale: 1)
  let first = index * crossEntropyBlock
  drn_softmax_cross_entropy(
    task.logits, task.pitch, task.labels, first, min(first + crossEntropyBlock, task.rows), task.classes, &options, task.losses, nil, 0)
}

private let runMeanLoss: StepTask = { pointer, _ in
  guard let task = pointer?.assumingMemoryBound(to: CrossEntropyContext.self).pointee else { return }
  task.result.pointee = Float(drn_sum_all(task.losses, task.rows, 1, task.rows) / task.totalWeight)
}

private let runCrossEntropyGradient: StepTask = { pointer, index in
  guard let task = pointer?.assumingMemoryBound(to: CrossEntropyContext.self).pointee, let upstream = task.upstream else { return }
  let scale = Float(Double(upstream.pointee) / task.totalWeight)
  var options = drn_cross_entropy_options(label_smoothing: task.smoothing, class_weights: task.weights, gradient_scale: scale)
  let first = index * crossEntropyBlock
  drn_softmax_cross_entropy(
    task.logits, task.pitch, task.labels, first, min(first + crossEntropyBlock, task.rows), task.classes, &options, nil, task.result,
    task.resultPitch)
}

/// The logarithm of the softmax of blocks of rows.
private struct LogSoftmaxContext: BitwiseCopyable {
  let x: UnsafePointer<Float>
  let pitch: Int
  let rows: Int
  let columns: Int
  let y: UnsafeMutablePointer<Float>
  let resultPitch: Int
}

private let runLogSoftmax: StepTask = { pointer, index in
  guard let task = pointer?.assumingMemoryBound(to: LogSoftmaxContext.self).pointee else { return }
  let first = index * crossEntropyBlock
  drn_log_softmax(task.x, task.pitch, first, min(first + crossEntropyBlock, task.rows), task.columns, task.y, task.resultPitch)
}

extension KernelPreparation {
  mutating func prepareLogSoftmax(_ call: Call) throws(ExecutionError) {
    let (x, y) = (try call.operand(0), try call.result(0))
    let context = LogSoftmaxContext(
      x: x.floats, pitch: x.pitch, rows: x.rows, columns: x.columns, y: y.floats, resultPitch: y.pitch)
    append(runLogSoftmax, context, count: blockCount(x.rows, crossEntropyBlock))
  }

  /// Appends the steps of a loss or of its gradient.
  mutating func prepare(_ op: LossOp, _ call: Call) throws(ExecutionError) {
    switch op {
    case .softmaxCrossEntropy: try prepareCrossEntropy(call)
    case .softmaxCrossEntropyGradient: try prepareCrossEntropyGradient(call)
    }
  }

  mutating func prepareCrossEntropy(_ call: Call) throws(ExecutionError) {
    let losses = call.place(stepWorkSpace(call.operation, function, threads: workspaces.count).first).floats
    let context = try crossEntropy(call, weights: 2, losses: losses, upstream: nil)
    append(runRowLosses, context, count: blockCount(context.rows, crossEntropyBlock))
    append(runMeanLoss, context)
  }

  mutating func prepareCrossEntropyGradient(_ call: Call) throws(ExecutionError) {
    let context = try crossEntropy(call, weights: 3, losses: nil, upstream: try call.operand(2).floats)
    append(runCrossEntropyGradient, context, count: blockCount(context.rows, crossEntropyBlock))
  }

  /// `weights` is where the optional class weights stand among the operands, and after them the labels of the step.
  private func crossEntropy(
    _ call: Call, weights: Int, losses: UnsafeMutablePointer<Float>?, upstream: UnsafePointer<Float>?
  ) throws(ExecutionError) -> CrossEntropyContext {
    let (logits, labels, result) = (try call.operand(0), try call.operand(1), try call.result(0))
    let classWeights = call.operands.count > weights ? try call.operand(weights) : nil
    let step = call.operands.count > weights + 1 ? try call.operand(weights + 1) : labels
    return CrossEntropyContext(
      logits: logits.floats, pitch: logits.pitch, labels: labels.labels, rows: logits.rows, classes: logits.columns,
      smoothing: Float(call.attributes.number("smoothing") ?? 0), weights: classWeights.map { UnsafePointer($0.floats) },
      stepLabels: step.labels, stepCount: step.layout.count, losses: losses, upstream: upstream, result: result.floats,
      resultPitch: result.pitch)
  }
}
