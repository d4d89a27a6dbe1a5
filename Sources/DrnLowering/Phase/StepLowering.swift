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
    let (input, output) = (program.network.inputShape, program.network.outputShape)
    let features =
      switch program.network.inputElement {
      case .token: TensorType(.i32, [Dimension(count &* input.reduce(1, &*))])
      // Images come from the loader channels first.
      case .number:
        TensorType.f32(input.count == 2 ? valueShape(of: input, batch: count) : [Dimension(count)] + input.map { Dimension($0) })
      }
    guard layout.phase.loss.takesClasses else { return (features, .f32(valueShape(of: output, batch: count))) }
    return (features, TensorType(.i32, [Dimension(count &* output.positions)]))
  }

  /// The phase's loss with the program's class weights.
  var loss: any LossFunction {
    guard !program.training.classWeights.isEmpty, let weighted = layout.phase.loss as? any ClassWeighted else { return layout.phase.loss }
    return weighted.weighted(by: program.training.classWeights)
  }

  /// The loss where parts of a step have unequal weights, so that it is no mean of theirs: with class weights, in an accumulated step.
  var partedLoss: (any ClassWeighted)? {
    guard program.training.accumulation > 1, !program.training.classWeights.isEmpty else { return nil }
    return loss as? any ClassWeighted
  }

  /// `loss`, and where an evaluation of the step sees weights in other forms one more; a copy of each for every further part of an
  /// accumulated step where random numbers must differ between the parts.
  func lossFunctions(in module: Module) throws(IRError) -> [Function] {
    var functions = try lossFunctions(FunctionName.loss, of: layout, in: module)
    for evaluation in evaluations where evaluation.seesOtherForms {
      functions += try lossFunctions(evaluation.function, of: evaluation.layout, in: module)
    }
    return functions
  }

  private func lossFunctions(_ name: String, of layout: PhaseLayout, in module: Module) throws(IRError) -> [Function] {
    let first = try lossFunction(name, of: layout, streamSuffix: "", in: module)
    guard first.operations.contains(where: { $0.opcode == .dropout }), program.training.accumulation > 1 else { return [first] }
    var functions = [first]
    for part in 1..<program.training.accumulation {
      functions.append(
        try lossFunction(FunctionName.loss(name, ofPart: part), of: layout, streamSuffix: "/part\(part)", in: module))
    }
    return functions
  }

  private func lossFunction(
    _ name: String, of layout: PhaseLayout, streamSuffix: String, in module: Module
  ) throws(IRError) -> Function {
    var builder = Builder(function: name, in: module)
    let tensors = arguments(layout.trained + layout.frozen + layout.buffers, in: &builder)
    let inputs = batchArguments(batch, in: &builder)
    let mixture = mixtureArguments(batch, in: &builder)
    let key = builder.argument(PortName.key, role: .key, Self.keyType)
    let network = NetworkEmission(
      layout: layout, mode: .train, batch: batch, tensors: tensors, key: key, lengths: inputs.lengths, streamSuffix: streamSuffix)
    let outcome = try network.emit(inputs.features, in: &builder)
    let value = try mixedLoss(of: outcome.output, inputs.labels, mixture, in: &builder)
    builder.result(PortName.loss, role: .output, value)
    builder.result(PortName.logits, role: .output, outcome.output)
    for buffer in layout.buffers {
      if let value = outcome.newBuffers[buffer.name] ?? tensors[buffer.name] { builder.result(buffer.name, role: .buffer, value) }
    }
    return builder.function
  }

  /// The loss of the labels; of mixed examples share * loss + (1 - share) * loss by the labels of the partners, or by the mixed targets where
  /// labels are numbers.
  private func mixedLoss(of outputs: Value, _ labels: Value, _ mixture: Mixture?, in builder: inout Builder) throws(IRError) -> Value {
    guard let mixture else { return try plainLoss(of: outputs, labels, "step_labels", in: &builder) }
    let rest = try builder.subtract(try builder.constant(1), mixture.share)
    func mixed(_ own: Value, _ partners: Value) throws(IRError) -> Value {
      try builder.add(try builder.multiply(mixture.share, own), try builder.multiply(rest, partners))
    }
    guard layout.phase.loss.takesClasses else {
      return try loss.emit(outputs: outputs, labels: try mixed(labels, mixture.labels), in: &builder)
    }
    return try mixed(
      try plainLoss(of: outputs, labels, "step_labels", in: &builder),
      try plainLoss(of: outputs, mixture.labels, "step_partner_labels", in: &builder))
  }

  /// `step` is the argument with the labels of the whole step, where a part of it has to know them.
  private func plainLoss(of outputs: Value, _ labels: Value, _ step: String, in builder: inout Builder) throws(IRError) -> Value {
    guard let partedLoss else { return try loss.emit(outputs: outputs, labels: labels, in: &builder) }
    let stepLabels = builder.argument(step, role: .batch, batchTypes(stepBatch).labels)
    return try partedLoss.emitPart(outputs: outputs, labels: labels, ofStep: stepLabels, in: &builder)
  }

  /// What a mixture adds to a batch whose features are mixed already: the labels of each example's partner, and the share of its own.
  struct Mixture {
    let labels: Value
    let share: Value
  }

  private func mixtureArguments(_ count: Int, in builder: inout Builder) -> Mixture? {
    guard program.training.mixture != nil else { return nil }
    let labels = builder.argument(PortName.partnerLabels, role: .batch, batchTypes(count).labels)
    return Mixture(labels: labels, share: builder.argument(PortName.mixtureShare, role: .scalar, .scalar))
  }

  /// `evaluate`: running statistics instead of the batch's, no dropout, and the averages of the weights where there are any.
  func evaluateFunction(batch: Int, in module: Module) throws(IRError) -> Function {
    var builder = Builder(function: FunctionName.evaluate, in: module)
    var tensors = arguments(layout.frozen + layout.buffers, in: &builder)
    // What is evaluated is the average where there is one.
    let evaluated = layout.averages.isEmpty ? layout.trained : layout.averages
    for (trained, tensor) in zip(layout.trained, evaluated) {
      tensors[trained.name] = builder.argument(tensor.name, role: tensor.role, .f32(tensor.shape))
    }
    let inputs = batchArguments(batch, in: &builder)
    let network = NetworkEmission(
      layout: layout, mode: .evaluate, batch: batch, tensors: tensors, key: nil, lengths: inputs.lengths, streamSuffix: "")
    let outcome = try network.emit(inputs.features, in: &builder)
    builder.result(PortName.loss, role: .output, try loss.emit(outputs: outcome.output, labels: inputs.labels, in: &builder))
    builder.result(PortName.logits, role: .output, outcome.output)
    return builder.function
  }

  /// `forward`: the outputs of `evaluate` alone, of a layout that stands as it is.
  func forwardFunction(in module: Module) throws(IRError) -> Function {
    var builder = Builder(function: FunctionName.forward, in: module)
    let tensors = arguments(layout.parameters + layout.buffers, in: &builder)
    let features = builder.argument(PortName.features, role: .batch, batchTypes(batch).features)
    let network = NetworkEmission(layout: layout, mode: .evaluate, batch: batch, tensors: tensors, key: nil, lengths: nil, streamSuffix: "")
    builder.result(PortName.logits, role: .output, try network.emit(features, in: &builder).output)
    return builder.function
  }

  /// The gradient evaluations of a step, in order.
  var evaluations: [StepEvaluation] {
    let count = layout.parts.map(\.evaluations).max() ?? 1
    return (0..<count).map { StepEvaluation($0, of: count, layout) }
  }

  /// `step`: one update of everything trained.
  func stepFunction(in module: Module) throws(IRError) -> Function {
    var builder = Builder(function: FunctionName.step, in: module)
    let inputs = arguments(layout.trained + layout.frozen + layout.state, in: &builder)
    let buffers = layout.buffers.map { builder.argument($0.name, role: $0.role, .f32($0.shape)) }
    let batch = batchArguments(stepBatch, in: &builder)
    let mixture = mixtureArguments(stepBatch, in: &builder)
    let rate = builder.argument(PortName.rate, role: .scalar, .scalar)
    var counts: [UpdateCounter: Value] = [:]
    for counter in layout.counters { counts[counter] = builder.argument(counter.argument, role: .scalar, .scalar) }
    let share = layout.averages.isEmpty ? nil : builder.argument(PortName.averageShare, role: .scalar, .scalar)
    let key = builder.argument(PortName.key, role: .key, Self.keyType)
    var updates: [String: Value] = [:]
    for assigned in layout.parts { updates[assigned.part.name] = counts[try layout.counter(of: assigned.part)] }
    let gradients = GradientEvaluation(
      lowering: self, tensors: inputs, buffers: buffers, batch: batch, mixture: mixture, key: key)
    var context = StepContext(builder: builder, rate: rate, key: key, values: inputs, updates: updates)
    var parts: [any PartUpdate] = []
    for assigned in layout.parts { parts.append(try assigned.update.begin(assigned.part, &context)) }
    for evaluation in evaluations { try gradients.emit(evaluation, &parts, in: &context) }
    if let share { try averageWeights(by: share, in: &context) }
    try addResults(of: context, to: &context.builder)
    return context.builder.function
  }

  /// average = share * average + (1 - share) * weight, of the weights that the step leaves.
  private func averageWeights(by share: Value, in context: inout StepContext) throws(IRError) {
    let rest = try context.builder.subtract(try context.builder.constant(1), share)
    for (trained, average) in zip(layout.trained, layout.averages) {
      let kept = try context.builder.multiply(share, try context.value(average.name))
      let added = try context.builder.multiply(rest, try context.result(trained.name))
      context.set(average.name, to: try context.builder.add(kept, added))
    }
  }

  private func addResults(of context: StepContext, to builder: inout Builder) throws(IRError) {
    let losses = builder.function.results.filter { $0.name == PortName.loss }.count
    guard losses == 1 else { throw IRError("the updates record the loss \(losses) times where they must once") }
    for tensor in layout.trained + layout.state { builder.result(tensor.name, role: tensor.role, try context.result(tensor.name)) }
  }

  /// What renews state of the phase's updates, in network order: one for all that are due together.
  var renewals: [Renewal] {
    var renewals: [Renewal] = []
    for (index, assigned) in layout.parts.enumerated() {
      guard let update = assigned.update as? any RenewingUpdate, update.renews(assigned.part),
        let counter = try? layout.counter(of: assigned.part)
      else { continue }
      let (period, trigger) = (update.renewalPeriod, update.renewalTrigger(of: assigned.part))
      if trigger == nil,
        let known = renewals.firstIndex(where: { $0.trigger == nil && $0.period == period && $0.counter == counter })
      {
        renewals[known].add(part: index, owner: assigned.part.name)
      } else {
        let name = FunctionName.renewal(renewals.count)
        renewals.append(
          Renewal(function: name, period: period, trigger: trigger, counter: counter, part: index, owner: assigned.part.name))
      }
    }
    return renewals
  }

  /// The function of a renewal: new state of its parts from the gradient at the weights by the batch at hand.
  func renewalFunction(_ renewal: Renewal, in module: Module) throws(IRError) -> Function {
    var builder = Builder(function: renewal.function, in: module)
    let inputs = arguments(layout.trained + layout.frozen + layout.state, in: &builder)
    let buffers = layout.buffers.map { builder.argument($0.name, role: $0.role, .f32($0.shape)) }
    let batch = batchArguments(stepBatch, in: &builder)
    let mixture = mixtureArguments(stepBatch, in: &builder)
    let key = builder.argument(PortName.key, role: .key, Self.keyType)
    let evaluation = GradientEvaluation(
      lowering: self, tensors: inputs, buffers: buffers, batch: batch, mixture: mixture, key: key)
    let parts = renewal.parts.map { layout.parts[$0] }
    var context = StepContext(builder: builder, rate: nil, key: key, values: inputs, updates: [:])
    let asked = parts.map { assigned in
      let indices = (assigned.update as? any RenewingUpdate)?.renewalGradients(of: assigned.part) ?? []
      return indices.map { assigned.part.tensors[$0].name }
    }
    let gradients = try evaluation.gradients(by: asked, in: &context.builder)
    for (assigned, gradients) in zip(parts, gradients) {
      guard let update = assigned.update as? any RenewingUpdate else { continue }
      try update.renew(assigned.part, gradients: gradients, &context)
    }
    for tensor in layout.state {
      if let value = context.results[tensor.name] { context.builder.result(tensor.name, role: .state, value) }
    }
    for report in context.reports { context.builder.result(report.name, role: .output, report.value) }
    return context.builder.function
  }

  private func arguments(_ tensors: [TensorInfo], in builder: inout Builder) -> [String: Value] {
    var values: [String: Value] = [:]
    for tensor in tensors { values[tensor.name] = builder.argument(tensor.name, role: tensor.role, .f32(tensor.shape)) }
    return values
  }
  /// What a batch consists of.
  struct BatchInputs {
    let features: Value
    let labels: Value
    let lengths: SequenceLengths?
  }

  private func batchArguments(_ count: Int, in builder: inout Builder) -> BatchInputs {
    let types = batchTypes(count)
    let features = builder.argument(PortName.features, role: .batch, types.features)
    let labels = builder.argument(PortName.labels, role: .batch, types.labels)
    var lengths: SequenceLengths?
    if program.data.source.hasLengths {
      let positions = program.network.inputShape.first ?? 1
      lengths = SequenceLengths(
        counts: builder.argument(PortName.lengths, role: .batch, TensorType(.i32, [Dimension(count)])),
        mask: builder.argument(PortName.mask, role: .batch, .f32([Dimension(count &* positions)])))
    }
    return BatchInputs(features: features, labels: labels, lengths: lengths)
  }
}
