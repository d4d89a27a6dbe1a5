import DrnIR
import DrnMethods
import DrnProgram

/// Lowers the functions of one phase: `loss`, `evaluate` and `step`.
struct StepLowering: Sendable {
  let layout: PhaseLayout
  /// Examples per gradient evaluation.
  let batch: Int
  /// Examples per step: `batch` times the parts of an accumulated step.
  let stepBatch: Int

  init(layout: PhaseLayout, batch: Int) throws(IRError) {
    let parts = layout.program.training.accumulation
    let (product, overflow) = batch.multipliedReportingOverflow(by: parts)
    guard batch > 0, parts > 0, !overflow else { throw IRError("a step of \(parts) parts of \(batch) examples") }
    self.layout = layout
    self.batch = batch
    stepBatch = product
  }

  private var program: CheckedProgram { layout.program }

  static let keyType = TensorType(.u64, [])

  /// The types of a batch of that many examples.
  func batchTypes(_ count: Int) -> (features: TensorType, labels: TensorType) {
    let rows = Dimension(count)
    let features = TensorType.f32([rows] + program.network.inputShape.map { Dimension($0) })
    guard type(of: layout.phase.loss).takesClasses else {
      return (features, .f32([rows] + program.network.outputShape.map { Dimension($0) }))
    }
    return (features, TensorType(.i32, [rows]))
  }

  /// The phase's loss with the program's class weights.
  var loss: any Loss {
    guard !program.training.classWeights.isEmpty, let weighted = layout.phase.loss as? any ClassWeighted else { return layout.phase.loss }
    return weighted.weighted(by: program.training.classWeights)
  }

  /// The loss where parts of a step have unequal weights, so that it is no mean of theirs: with class weights, in an accumulated step.
  var partedLoss: (any ClassWeighted)? {
    guard program.training.accumulation > 1, !program.training.classWeights.isEmpty else { return nil }
    return loss as? any ClassWeighted
  }

  /// `loss`, and one copy for each further part of an accumulated step where random numbers must differ between the parts.
  func lossFunctions(in module: Module) throws(IRError) -> [Function] {
    let first = try lossFunction(FunctionName.loss, streamSuffix: "", in: module)
    guard first.operations.contains(where: { $0.opcode == .dropout }), program.training.accumulation > 1 else { return [first] }
    var functions = [first]
    for part in 1..<program.training.accumulation {
      functions.append(try lossFunction("\(FunctionName.loss)_\(part)", streamSuffix: "/part\(part)", in: module))
    }
    return functions
  }

  private func lossFunction(_ name: String, streamSuffix: String, in module: Module) throws(IRError) -> Function {
    var builder = Builder(function: name, in: module)
    let tensors = arguments(layout.trained + layout.frozen + layout.buffers, in: &builder)
    let (features, labels) = batchArguments(batch, in: &builder)
    let key = builder.argument(PortName.key, role: .key, Self.keyType)
    let network = NetworkEmission(layout: layout, mode: .train, tensors: tensors, key: key, streamSuffix: streamSuffix)
    let outcome = try network.emit(features, in: &builder)
    let value: Value
    if let partedLoss {
      let stepLabels = builder.argument("step_labels", role: .batch, batchTypes(stepBatch).labels)
      value = try partedLoss.emitPart(outputs: outcome.output, labels: labels, ofStep: stepLabels, in: &builder)
    } else {
      value = try loss.emit(outputs: outcome.output, labels: labels, in: &builder)
    }
    builder.result(PortName.loss, role: .output, value)
    builder.result(PortName.logits, role: .output, outcome.output)
    for buffer in layout.buffers {
      if let value = outcome.newBuffers[buffer.name] ?? tensors[buffer.name] { builder.result(buffer.name, role: .buffer, value) }
    }
    return builder.function
  }

  /// `evaluate`: running statistics instead of the batch's, no dropout.
  func evaluateFunction(batch: Int, in module: Module) throws(IRError) -> Function {
    var builder = Builder(function: FunctionName.evaluate, in: module)
    let tensors = arguments(layout.trained + layout.frozen + layout.buffers, in: &builder)
    let (features, labels) = batchArguments(batch, in: &builder)
    let network = NetworkEmission(layout: layout, mode: .evaluate, tensors: tensors, key: nil, streamSuffix: "")
    let outcome = try network.emit(features, in: &builder)
    builder.result(PortName.loss, role: .output, try loss.emit(outputs: outcome.output, labels: labels, in: &builder))
    builder.result(PortName.logits, role: .output, outcome.output)
    return builder.function
  }

  /// `step`: one update of every trained tensor.
  func stepFunction(in module: Module) throws(IRError) -> Function {
    var builder = Builder(function: FunctionName.step, in: module)
    let trained = layout.trained
    let weights = trained.map { builder.argument($0.name, role: $0.role, .f32($0.shape)) }
    let frozen = arguments(layout.frozen, in: &builder)
    let state = arguments(layout.state, in: &builder)
    let buffers = layout.buffers.map { builder.argument($0.name, role: $0.role, .f32($0.shape)) }
    let (features, labels) = batchArguments(stepBatch, in: &builder)
    let rate = builder.argument(PortName.rate, role: .scalar, .scalar)
    var counts: [UpdateCounter: Value] = [:]
    for counter in layout.counters { counts[counter] = builder.argument(counter.argument, role: .scalar, .scalar) }
    let key = builder.argument(PortName.key, role: .key, Self.keyType)
    let evaluation = GradientEvaluation(
      lowering: self, frozen: frozen, buffers: buffers, features: features, labels: labels, key: key)
    var trainables: [StepContext.Trainable] = []
    for (tensor, value) in zip(trained, weights) {
      guard let count = counts[try layout.counter(of: tensor)] else { throw IRError("\(tensor.name) has no counter of updates") }
      trainables.append(StepContext.Trainable(name: tensor.name, value: value, decay: decay(of: tensor), updates: count))
    }
    var context = StepContext(builder: builder, weights: trainables, rate: rate, state: state) {
      (builder: inout Builder, values: [Value], recordsLoss: Bool) throws(IRError) -> [Value] in
      try evaluation.emit(at: values, recordsLoss: recordsLoss, in: &builder)
    }
    try layout.phase.update.emit(&context)
    try addResults(of: context, to: &context.builder)
    return context.builder.function
  }

  private func addResults(of context: StepContext, to builder: inout Builder) throws(IRError) {
    let losses = builder.function.results.filter { $0.name == PortName.loss }.count
    guard losses == 1 else { throw IRError("the update records the loss \(losses) times where it must once") }
    for tensor in layout.trained {
      guard let value = context.newWeights[tensor.name] else { throw IRError("the update leaves \(tensor.name) without a value") }
      builder.result(tensor.name, role: .weight, value)
    }
    for slot in layout.state {
      guard let value = context.newState[slot.name] else { throw IRError("the update leaves \(slot.name) without a value") }
      builder.result(slot.name, role: .state, value)
    }
  }

  /// Vectors are exempt; a form that decays by itself is its own product.
  private func decay(of tensor: TensorInfo) -> Double {
    guard let index = tensor.weight else { return 0 }
    switch program.training.decayTarget {
    case .factors: return program.training.weightDecay
    case .product, .none: return layout.weights[index].form.decaysByItself ? program.training.weightDecay : 0
    }
  }

  private func arguments(_ tensors: [TensorInfo], in builder: inout Builder) -> [String: Value] {
    var values: [String: Value] = [:]
    for tensor in tensors { values[tensor.name] = builder.argument(tensor.name, role: tensor.role, .f32(tensor.shape)) }
    return values
  }
  private func batchArguments(_ count: Int, in builder: inout Builder) -> (features: Value, labels: Value) {
    let types = batchTypes(count)
    let features = builder.argument(PortName.features, role: .batch, types.features)
    return (features, builder.argument(PortName.labels, role: .batch, types.labels))
  }
}
