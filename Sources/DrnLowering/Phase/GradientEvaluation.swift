import DrnIR
import DrnMethods
import DrnProgram

/// Evaluations of the gradient inside a step: averaged over the parts of an accumulated batch, clipped, with product decay added.
struct GradientEvaluation: Sendable {
  let lowering: StepLowering
  /// Every tensor at the beginning of the step, by name.
  let tensors: [String: Value]
  /// In the order of the layout's buffers.
  let buffers: [Value]
  let batch: StepLowering.BatchInputs
  let mixture: StepLowering.Mixture?
  let key: Value
  private var layout: PhaseLayout { lowering.layout }
  private var settings: TrainingSettings { layout.program.training }

  /// What the parts of a batch give.
  private struct Totals {
    var losses: [Value] = []
    var logits: [Value] = []
    var buffers: [Value]
    /// For each part of the batch, by what was asked for.
    var gradients: [[Value]] = []
  }

  /// Where everything stands for one part of the batch, and what is asked for.
  private struct Place {
    let function: String
    let layout: PhaseLayout
    /// By name, of the tensors that do not stand where they are.
    let moved: [String: Value]
    /// Names of what the loss is differentiated by, each with the basis its gradient is seen through.
    let asked: [(name: String, projection: GradientProjection?)]
  }

  /// One evaluation of the step: parts stand, and take their gradients.
  func emit(_ evaluation: StepEvaluation, _ parts: inout [any PartUpdate], in step: inout StepContext) throws(IRError) {
    let places = try stand(evaluation, &parts, &step)
    var totals = Totals(buffers: buffers)
    for part in 0..<settings.accumulation {
      try evaluate(part, at: places.count == 1 ? places[0] : places[part], &totals, in: &step.builder)
    }
    var gradients = try means(totals, in: &step.builder)
    if let limit = settings.clipValue { try clipEntries(of: &gradients, to: limit, in: &step.builder) }
    let norm = try settings.clip.map { limit throws(IRError) in try clip(&gradients, to: limit, in: &step.builder) }
    if evaluation.isRecorded { try record(totals, norm, in: &step.builder) }
    try addProductDecay(to: &gradients, evaluation, places, in: &step.builder)
    var first = 0
    for index in parts.indices {
      let range = first..<(first + evaluation.views[index].asked.count)
      first = range.upperBound
      guard let own = evaluation.ownNumbers[index] else { continue }
      let found = PartGradients(mean: Array(gradients[range]), ofParts: totals.gradients.map { Array($0[range]) })
      try parts[index].absorb(found, own, &step)
    }
  }

  /// The gradients of the loss at the weights by tensors of those names, in groups: not clipped, without decay.
  func gradients(by names: [[String]], in builder: inout Builder) throws(IRError) -> [[Value]] {
    let asked = names.flatMap { $0 }.map { (name: $0, projection: GradientProjection?.none) }
    let place = Place(function: FunctionName.loss, layout: layout, moved: [:], asked: asked)
    var totals = Totals(buffers: buffers)
    for part in 0..<settings.accumulation { try evaluate(part, at: place, &totals, in: &builder) }
    var rest = try means(totals, in: &builder)[...]
    return names.map { group in
      let own = Array(rest.prefix(group.count))
      rest = rest.dropFirst(own.count)
      return own
    }
  }

  /// One place for the whole batch, or one for each part of it where parts stand apart.
  private func stand(
    _ evaluation: StepEvaluation, _ parts: inout [any PartUpdate], _ step: inout StepContext
  ) throws(IRError) -> [Place] {
    var asked: [(String, GradientProjection?)] = []
    var moved: [[String: Value]] = [[:]]
    for index in parts.indices {
      let (assigned, view) = (layout.parts[index], evaluation.views[index])
      guard let own = evaluation.ownNumbers[index] else { continue }
      let names = assigned.weight.map { evaluation.layout.weights[$0].parameters.map(\.name) } ?? assigned.part.tensors.map(\.name)
      asked += view.asked.map { (names[$0], parts[index].projection(own)) }
      let lists = try parts[index].stand(own, &step)
      guard lists.allSatisfy({ $0.count == names.count }), lists.count == 1 || lists.count == settings.accumulation else {
        throw IRError("\(assigned.part.name) stands at \(lists.count) places of an evaluation")
      }
      if lists.count > moved.count { moved = lists.map { _ in moved[0] } }
      for place in moved.indices {
        for (name, value) in zip(names, lists.count == 1 ? lists[0] : lists[place]) { moved[place][name] = value }
      }
    }
    return moved.map { Place(function: evaluation.function, layout: evaluation.layout, moved: $0, asked: asked) }
  }

  private func record(_ totals: Totals, _ norm: Value?, in builder: inout Builder) throws(IRError) {
    builder.result(PortName.loss, role: .output, try mean(totals.losses, in: &builder))
    let logits = totals.logits.count == 1 ? totals.logits[0] : try builder.concatenate(totals.logits, axis: 0)
    builder.result(PortName.logits, role: .output, logits)
    if let norm { builder.result("gradient_norm", role: .output, norm) }
    for (buffer, value) in zip(layout.buffers, totals.buffers) { builder.result(buffer.name, role: .buffer, value) }
  }

  private func evaluate(_ part: Int, at place: Place, _ totals: inout Totals, in builder: inout Builder) throws(IRError) {
    let own = FunctionName.loss(place.function, ofPart: part)
    let name = part > 0 && builder.module.function(own) != nil ? own : place.function
    let arguments = place.layout.trained + place.layout.frozen
    var operands: [Value] = []
    for tensor in arguments {
      guard let value = place.moved[tensor.name] ?? tensors[tensor.name] else { throw IRError("no tensor \(tensor.name)") }
      operands.append(value)
    }
    var wrt: [Int] = []
    for asked in place.asked {
      guard let index = arguments.firstIndex(where: { $0.name == asked.name }) else { throw IRError("no tensor \(asked.name)") }
      wrt.append(index)
    }
    operands += totals.buffers
    for rows in [batch.features, batch.labels] + (batch.lengths.map { [$0.counts, $0.mask] } ?? []) {
      operands.append(try slice(rows, part, in: &builder))
    }
    if let mixture { operands += [try slice(mixture.labels, part, in: &builder), mixture.share] }
    operands.append(key)
    if lowering.partedLoss != nil { operands += [batch.labels] + (mixture.map { [$0.labels] } ?? []) }
    let results = try builder.emit(.valueAndGradient, operands, ["function": .function(name), "wrt": .integers(wrt)])
    guard results.count == 2 + buffers.count + wrt.count else { throw IRError("value_and_gradient has \(results.count) results") }
    totals.losses.append(results[0])
    totals.logits.append(results[1])
    totals.buffers = Array(results[2..<(2 + buffers.count)])
    var gradients: [Value] = []
    for (asked, gradient) in zip(place.asked, results.suffix(wrt.count)) {
      gradients.append(try seen(gradient, asked.projection, in: &builder))
    }
    totals.gradients.append(gradients)
  }

  private func seen(_ gradient: Value, _ projection: GradientProjection?, in builder: inout Builder) throws(IRError) -> Value {
    guard let projection else { return gradient }
    return try builder.projected(gradient, on: projection.basis, projection.spans)
  }

  private func slice(_ rows: Value, _ part: Int, in builder: inout Builder) throws(IRError) -> Value {
    guard settings.accumulation > 1 else { return rows }
    let shape = builder.type(of: rows).shape
    let rest = Array(shape.dropFirst())
    guard let count = shape.first?.value.map({ $0 / settings.accumulation }) else { throw IRError("a batch has no rows") }
    return try builder.slice(rows, starts: [Dimension(part * count)] + rest.map { _ in 0 }, sizes: [Dimension(count)] + rest)
  }

  private func means(_ totals: Totals, in builder: inout Builder) throws(IRError) -> [Value] {
    var means: [Value] = []
    for index in totals.gradients[0].indices { means.append(try mean(totals.gradients.map { $0[index] }, in: &builder)) }
    return means
  }

  /// The mean over the parts; their sum where each is divided by the weight of the whole step already.
  private func mean(_ values: [Value], in builder: inout Builder) throws(IRError) -> Value {
    lowering.partedLoss == nil ? try average(values, in: &builder) : try sum(values, in: &builder)
  }

  private func average(_ values: [Value], in builder: inout Builder) throws(IRError) -> Value {
    let sum = try sum(values, in: &builder)
    return values.count == 1 ? sum : try builder.scale(sum, by: 1 / Double(values.count))
  }

  private func sum(_ values: [Value], in builder: inout Builder) throws(IRError) -> Value {
    guard var sum = values.first else { throw IRError("a sum of nothing") }
    for value in values.dropFirst() { sum = try builder.add(sum, value) }
    return sum
  }

  /// Brings every entry of the gradients into -limit ... limit, as PyTorch's `clip_grad_value_` does.
  private func clipEntries(of gradients: inout [Value], to limit: Double, in builder: inout Builder) throws(IRError) {
    let (least, most) = (try builder.constant(-limit), try builder.constant(limit))
    for index in gradients.indices {
      gradients[index] = try builder.emitOne(.minimum, [try builder.maximum(gradients[index], least), most])
    }
  }

  /// Scales all gradients by min(1, limit / (norm + 1e-6)), as PyTorch's `clip_grad_norm_` does, and returns the norm before.
  private func clip(_ gradients: inout [Value], to limit: Double, in builder: inout Builder) throws(IRError) -> Value {
    let norm = try builder.norm(gradients)
    let share = try builder.divide(try builder.constant(limit), try builder.add(norm, try builder.constant(1e-6)))
    let factor = try builder.emitOne(.minimum, [share, try builder.constant(1)])
    for index in gradients.indices { gradients[index] = try builder.multiply(gradients[index], factor) }
    return norm
  }

  /// Under `decay: product`, adds the gradient of decay / 2 |W|^2 to those of the parameters of a weight that does not decay by itself;
  /// where parts of the batch stand apart, the mean of it over them.
  private func addProductDecay(
    to gradients: inout [Value], _ evaluation: StepEvaluation, _ places: [Place], in builder: inout Builder
  ) throws(IRError) {
    guard settings.decayTarget == .product, layout.phase.weightDecay > 0 else { return }
    var first = 0
    for (assigned, view) in zip(layout.parts, evaluation.views) {
      let range = first..<(first + view.asked.count)
      first = range.upperBound
      guard let index = assigned.weight, !layout.weights[index].form.decaysByItself, !range.isEmpty,
        layout.weights[index].shareOfDecay(under: .product) == nil
      else { continue }
      let weight = evaluation.layout.weights[index]
      let terms = try places.map { place throws(IRError) in try productDecay(of: weight, view.asked, at: place, in: &builder) }
      for (offset, position) in range.enumerated() {
        let seen = try self.seen(try average(terms.map { $0[offset] }, in: &builder), places[0].asked[position].projection, in: &builder)
        gradients[position] = try builder.add(gradients[position], try builder.scale(seen, by: layout.phase.weightDecay))
      }
    }
  }

  /// The gradient of |W|^2 / 2 by the asked parameters of a weight.
  private func productDecay(
    of weight: WeightForm, _ asked: [Int], at place: Place, in builder: inout Builder
  ) throws(IRError) -> [Value] {
    let values = weight.parameters.compactMap { place.moved[$0.name] ?? tensors[$0.name] }
    let terms = try weight.form.productDecay(values, shape: weight.plan.shape, rank: weight.rank, in: &builder)
    let byIndex = Dictionary(zip(weight.form.trainedIndices(weight.plan.shape, rank: weight.rank), terms)) { first, _ in first }
    return try asked.map { index throws(IRError) in
      guard let term = byIndex[index] else { throw IRError("\(weight.plan.name) has no decay of its parameter \(index)") }
      return term
    }
  }
}
