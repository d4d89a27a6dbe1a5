import DrnIR
import DrnMethods
import DrnProgram

/// One evaluation of the gradient inside a step: averaged over the parts of an accumulated batch, clipped, with product decay added.
struct GradientEvaluation: Sendable {
  let lowering: StepLowering
  let frozen: [String: Value]
  /// In the order of the layout's buffers.
  let buffers: [Value]
  let features: Value
  let labels: Value
  let key: Value
  private var layout: PhaseLayout { lowering.layout }
  private var settings: TrainingSettings { layout.program.training }

  /// What the parts of a batch give.
  private struct Totals {
    var losses: [Value] = []
    var logits: [Value] = []
    var buffers: [Value]
    var gradients: [[Value]] = []
  }

  /// The gradients by every trained tensor at the given values; `recordsLoss` makes loss, logits and buffers results of the step.
  func emit(at weights: [Value], recordsLoss: Bool, in builder: inout Builder) throws(IRError) -> [Value] {
    var totals = Totals(buffers: buffers)
    for part in 0..<settings.accumulation { try evaluate(part, at: weights, &totals, in: &builder) }
    var gradients: [Value] = []
    for index in weights.indices { gradients.append(try mean(totals.gradients.map { $0[index] }, in: &builder)) }
    let norm = try settings.clip.map { limit throws(IRError) in try clip(&gradients, to: limit, in: &builder) }
    if recordsLoss { try record(totals, norm, in: &builder) }
    try addProductDecay(to: &gradients, at: weights, in: &builder)
    return gradients
  }

  private func record(_ totals: Totals, _ norm: Value?, in builder: inout Builder) throws(IRError) {
    builder.result(PortName.loss, role: .output, try mean(totals.losses, in: &builder))
    let logits = totals.logits.count == 1 ? totals.logits[0] : try builder.concatenate(totals.logits, axis: 0)
    builder.result(PortName.logits, role: .output, logits)
    if let norm { builder.result("gradient_norm", role: .output, norm) }
    for (buffer, value) in zip(layout.buffers, totals.buffers) { builder.result(buffer.name, role: .buffer, value) }
  }

  private func evaluate(_ part: Int, at weights: [Value], _ totals: inout Totals, in builder: inout Builder) throws(IRError) {
    let own = "\(FunctionName.loss)_\(part)"
    let name = part > 0 && builder.module.function(own) != nil ? own : FunctionName.loss
    var operands = weights
    for tensor in layout.frozen {
      guard let value = frozen[tensor.name] else { throw IRError("no tensor \(tensor.name)") }
      operands.append(value)
    }
    operands += totals.buffers + [try slice(features, part, in: &builder), try slice(labels, part, in: &builder), key]
    if lowering.partedLoss != nil { operands.append(labels) }
    let results = try builder.emit(
      .valueAndGradient, operands, ["function": .function(name), "wrt": .integers(Array(weights.indices))])
    guard results.count == 2 + buffers.count + weights.count else { throw IRError("value_and_gradient has \(results.count) results") }
    totals.losses.append(results[0])
    totals.logits.append(results[1])
    totals.buffers = Array(results[2..<(2 + buffers.count)])
    totals.gradients.append(Array(results.suffix(weights.count)))
  }

  private func slice(_ rows: Value, _ part: Int, in builder: inout Builder) throws(IRError) -> Value {
    guard settings.accumulation > 1 else { return rows }
    let rest = Array(builder.type(of: rows).shape.dropFirst())
    let starts = [Dimension(part * lowering.batch)] + rest.map { _ in 0 }
    return try builder.slice(rows, starts: starts, sizes: [Dimension(lowering.batch)] + rest)
  }

  /// The mean over the parts; their sum where each is divided by the weight of the whole step already.
  private func mean(_ values: [Value], in builder: inout Builder) throws(IRError) -> Value {
    guard var sum = values.first else { throw IRError("a mean of nothing") }
    for value in values.dropFirst() { sum = try builder.add(sum, value) }
    return values.count == 1 || lowering.partedLoss != nil ? sum : try builder.scale(sum, by: 1 / Double(values.count))
  }

  /// Scales all gradients by min(1, limit / (norm + 1e-6)), as PyTorch's `clip_grad_norm_` does, and returns the norm before.
  private func clip(_ gradients: inout [Value], to limit: Double, in builder: inout Builder) throws(IRError) -> Value {
    let norm = try builder.norm(gradients)
    let share = try builder.divide(try builder.constant(limit), try builder.add(norm, try builder.constant(1e-6)))
    let factor = try builder.emitOne(.minimum, [share, try builder.constant(1)])
    for index in gradients.indices { gradients[index] = try builder.multiply(gradients[index], factor) }
    return norm
  }

  /// Under `decay: product`, adds the gradient of decay / 2 |W|^2 to those of the parameters of a weight that does not decay by itself.
  private func addProductDecay(to gradients: inout [Value], at weights: [Value], in builder: inout Builder) throws(IRError) {
    guard settings.decayTarget == .product, settings.weightDecay > 0 else { return }
    let positions = Dictionary(layout.trained.enumerated().map { ($1.name, $0) }) { first, _ in first }
    for weight in layout.weights where weight.isTrained && !weight.form.decaysByItself {
      let names = weight.parameters.map(\.name)
      let values = names.compactMap { name in positions[name].map { weights[$0] } ?? frozen[name] }
      let decay = try weight.form.productDecay(values, shape: weight.plan.shape, rank: weight.rank, in: &builder)
      for (position, term) in zip(names.compactMap { positions[$0] }, decay) {
        gradients[position] = try builder.add(gradients[position], try builder.scale(term, by: settings.weightDecay))
      }
    }
  }
}
