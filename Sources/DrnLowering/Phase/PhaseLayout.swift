import DrnIR
import DrnMethods
import DrnProgram

/// One tensor that lives across steps.
public struct TensorInfo: Hashable, Sendable {
  /// Without the phase: `fc1.weight.u`, `fc1.weight.u/momentum`, `norm1.running_mean`.
  public let name: String
  /// Trained, frozen, state or running statistic.
  public let role: Role
  /// May depend on the rank symbols of the phase's module.
  public let shape: [Dimension]
  /// What state and buffers start from; `nil` for parameters, which `initialize` or a transition gives, and for their averages.
  public let initialValue: Double?
  /// The weight it belongs to, as an index into `CheckedProgram.weights`; `nil` for vectors and buffers.
  public let weight: Int?
  /// What the weight's form says of the tensor; `nil` for vectors, buffers and state.
  public let parameter: ParameterSpec?
  public init(name: String, role: Role, shape: [Dimension], initialValue: Double?, weight: Int?, parameter: ParameterSpec? = nil) {
    self.name = name
    self.role = role
    self.shape = shape
    self.initialValue = initialValue
    self.weight = weight
    self.parameter = parameter
  }
}

// The average of a trained tensor is state of its own kind: it begins at a value of the weight, and no optimizer reads it.
extension TensorInfo {
  private static let averageSuffix = "/average"
  /// The average of this trained tensor.
  var average: TensorInfo {
    TensorInfo(name: name + Self.averageSuffix, role: .state, shape: shape, initialValue: nil, weight: weight)
  }
  /// Whether it is an average.
  public var isAverage: Bool { role == .state && initialValue == nil }
  /// The name of the tensor that it is an average of.
  public var averaged: String { String(name.dropLast(isAverage ? Self.averageSuffix.count : 0)) }
}

/// A weight in the form it has in one phase, or in one evaluation of it.
struct WeightForm: Sendable {
  let index: Int
  let plan: WeightPlan
  let span: FormSpan
  /// Of these extents, as the update.
  let form: any Parameterization
  let extents: WeightExtents<Dimension>
  var rank: Dimension { extents.rank }
  let isTrained: Bool
  let update: any Update
  /// The coefficient of weight decay of the phase.
  let weightDecay: Double
  /// By which of the parameters an evaluation differentiates; `nil` for a phase, where the update says what it moves.
  private let asked: [Int]?

  init(
    index: Int, plan: WeightPlan, span: FormSpan, extents: WeightExtents<Dimension>, isTrained: Bool, update: any Update,
    weightDecay: Double
  ) {
    self.init(index, plan, span, span.form, extents, isTrained, update, weightDecay, asked: nil)
  }
  private init(
    _ index: Int, _ plan: WeightPlan, _ span: FormSpan, _ form: any Parameterization, _ extents: WeightExtents<Dimension>,
    _ isTrained: Bool, _ update: any Update, _ weightDecay: Double, asked: [Int]?
  ) {
    (self.index, self.plan, self.span, self.form, self.extents) = (index, plan, span, form.bound(to: extents.others), extents)
    (self.isTrained, self.update, self.weightDecay, self.asked) = (isTrained, update.bound(to: extents.others), weightDecay, asked)
  }

  /// Names, shapes and roles of its parameters.
  var parameters: [TensorInfo] { tensors(of: form) }
  /// Those of a copy that is no longer trained.
  var deployed: [TensorInfo] { tensors(of: form.deployedForm) }

  private func tensors(of form: any Parameterization) -> [TensorInfo] {
    form.parameters(plan.shape, rank: rank).enumerated().map { position, spec in
      let isMoved = isTrained && (asked?.contains(position) ?? update.moves(spec, of: form))
      return TensorInfo(
        name: spec.name.isEmpty ? plan.name : "\(plan.name).\(spec.name)", role: isMoved ? .weight : .frozen, shape: spec.shape,
        initialValue: nil, weight: index, parameter: spec)
    }
  }
  /// The same weight at other extents.
  func at(_ extents: WeightExtents<Dimension>) -> WeightForm {
    WeightForm(index, plan, span, form, extents, isTrained, update, weightDecay, asked: asked)
  }
  /// The same weight where an evaluation sees it.
  func seen(in view: PartView) -> WeightForm {
    guard let other = view.form else { return self }
    let seen = WeightExtents(rank: other.rank, others: extents.others)
    return WeightForm(index, plan, span, other.form, seen, isTrained, update, weightDecay, asked: view.asked)
  }

  /// The weight as its update sees it.
  func part(of program: CheckedProgram) -> UpdatedPart {
    let target = program.training.decayTarget
    let decay =
      form.decaysByItself || target == .factors ? weightDecay : shareOfDecay(under: target).map { weightDecay * $0 } ?? 0
    return UpdatedPart(
      name: plan.name, weight: WeightInForm(form: form, shape: plan.shape, rank: rank),
      tensors: parameters.map { UpdatedPart.Tensor(name: $0.name, shape: $0.shape, isMoved: $0.role == .weight, decay: decay) },
      batchParts: program.training.accumulation)
  }

  /// The share of the decay of W that each trained tensor takes beside the step, so that to first order W takes all of it: W is multiplied by
  /// (1 - rate decay / k)^k. `nil` where the decay of the product is part of the gradient, since the update or the form leaves no other way.
  func shareOfDecay(under target: DecayTarget) -> Double? {
    guard target == .product, !form.decaysByItself, update.decouplesDecay, let power = form.homogeneity(plan.shape), power > 0 else {
      return nil
    }
    return 1 / power
  }

  /// Adds an argument for each parameter.
  func arguments(in builder: inout Builder) -> [Value] {
    parameters.map { builder.argument($0.name, role: $0.role, .f32($0.shape)) }
  }
}

/// A trained weight or vector with the update that moves it.
struct AssignedPart: Sendable {
  let update: any Update
  let part: UpdatedPart
  /// `nil` for a vector.
  let weight: Int?
  /// How many gradient evaluations it takes part in.
  var evaluations: Int { update.evaluations(of: part) }
}

/// What one phase holds: weights in their forms, rank symbols and the list of tensors.
struct PhaseLayout: Sendable {
  let program: CheckedProgram
  let phase: Phase
  private(set) var weights: [WeightForm] = []
  private(set) var symbolInfos: [SymbolInfo] = []
  /// By the place in a list of ranks.
  private(set) var symbols: [Int: Symbol] = [:]
  /// Weights, frozen parameters and vectors in network order.
  private(set) var parameters: [TensorInfo] = []
  private(set) var buffers: [TensorInfo] = []
  /// What is trained, in network order.
  private(set) var parts: [AssignedPart] = []
  /// The counters of the step, and that of each weight and vector by its name whatever its form.
  private(set) var counters: [UpdateCounter] = []
  private var counterOf: [String: UpdateCounter] = [:]

  init(program: CheckedProgram, phase: Phase) throws(IRError) {
    self.program = program
    self.phase = phase
    for (index, plan) in program.weights.enumerated() { weights.append(try makeWeight(index, plan)) }
    for index in program.network.nodes.indices { try addTensors(ofNode: index) }
    let owners = parts.map(\.part.name)
    counterOf = UpdateHistory(program).counters(owners, in: phase.index)
    for counter in owners.compactMap({ counterOf[$0] }) where !counters.contains(counter) { counters.append(counter) }
  }

  /// The counter of a trained weight or vector.
  func counter(of part: UpdatedPart) throws(IRError) -> UpdateCounter {
    guard let counter = counterOf[part.name] else { throw IRError("\(part.name) has no counter of updates") }
    return counter
  }

  /// The phase as an evaluation sees it whose parts stand where the views say.
  func seen(in views: [PartView]) -> PhaseLayout {
    var layout = self
    for (assigned, view) in zip(parts, views) where view.form != nil {
      if let weight = assigned.weight { layout.weights[weight] = weights[weight].seen(in: view) }
    }
    layout.replaceParameters()
    return layout
  }

  /// The phase with every weight in the form it is deployed in, or as one matrix.
  func deployed(isMerged: Bool) -> PhaseLayout {
    var layout = self
    layout.weights = weights.map { weight in
      let form = isMerged ? Parameterizations.whole : weight.form.deployedForm
      return weight.seen(in: PartView(form: WeightInForm(form: form, shape: weight.plan.shape, rank: weight.rank), asked: []))
    }
    layout.replaceParameters()
    return layout
  }

  /// Lists the parameters of the weights as they stand now, each where those of the weight were.
  private mutating func replaceParameters() {
    var taken: Set<Int> = []
    parameters = parameters.flatMap { tensor -> [TensorInfo] in
      guard let weight = tensor.weight else { return [tensor] }
      return taken.insert(weight).inserted ? weights[weight].parameters : []
    }
  }

  private mutating func makeWeight(_ index: Int, _ plan: WeightPlan) throws(IRError) -> WeightForm {
    guard phase.forms.indices.contains(index), plan.spans.indices.contains(phase.forms[index]) else {
      throw IRError("phase \(phase.index) has no form for \(plan.name)")
    }
    let span = plan.spans[phase.forms[index]]
    let isTrained = phase.trainable.contains(plan.name)
    var extents = WeightExtents<Dimension>(rank: span.form.rank == nil ? 0 : addSymbol(plan.name, span.rankBounds, at: index))
    for spec in program.extents(of: index, in: phase) {
      guard let place = program.rankIndex(of: WeightExtent(weight: index, name: spec.name)) else { continue }
      extents.others[spec.name] = addSymbol("\(plan.name) \(spec.name)", spec.bounds, at: place)
    }
    return WeightForm(
      index: index, plan: plan, span: span, extents: extents, isTrained: isTrained, update: phase.update(of: plan.name),
      weightDecay: phase.weightDecay)
  }

  private mutating func addSymbol(_ name: String, _ bounds: ClosedRange<Int>, at place: Int) -> Dimension {
    let symbol = Symbol(symbolInfos.count)
    symbolInfos.append(SymbolInfo(name: name, bounds: bounds))
    symbols[place] = symbol
    return Dimension(symbol)
  }

  private mutating func addTensors(ofNode index: Int) throws(IRError) {
    let node = program.network.nodes[index]
    for parameter in node.parameters {
      switch parameter.kind {
      case .matrix:
        let weight = try weight(parameter.name, ofNode: index)
        parameters += weight.parameters
        guard weight.parameters.contains(where: { $0.role == .weight }) else { continue }
        parts.append(AssignedPart(update: weight.update, part: weight.part(of: program), weight: weight.index))
      case .vector(let length):
        let name = "\(node.savedName).\(parameter.name)"
        let role: Role = phase.trainable.contains(name) ? .weight : .frozen
        parameters.append(TensorInfo(name: name, role: role, shape: [Dimension(length)], initialValue: nil, weight: nil))
        guard role == .weight else { continue }
        // Vectors are exempt from weight decay.
        let tensor = UpdatedPart.Tensor(name: name, shape: [Dimension(length)], isMoved: true, decay: 0)
        let part = UpdatedPart(name: name, weight: nil, tensors: [tensor], batchParts: program.training.accumulation)
        parts.append(AssignedPart(update: phase.update, part: part, weight: nil))
      }
    }
    for buffer in node.buffers {
      let name = "\(node.savedName).\(buffer.name)"
      buffers.append(TensorInfo(name: name, role: .buffer, shape: [Dimension(buffer.size)], initialValue: buffer.initial, weight: nil))
    }
  }

  /// The matrix of that name within a node's layer.
  func weight(_ tensor: String, ofNode node: Int) throws(IRError) -> WeightForm {
    guard let weight = weights.first(where: { $0.plan.node == node && $0.plan.tensor == tensor }) else {
      throw IRError("node \(node) has no weight \(tensor)")
    }
    return weight
  }

  var trained: [TensorInfo] { parameters.filter { $0.role == .weight } }
  var frozen: [TensorInfo] { parameters.filter { $0.role == .frozen } }
  /// The state of everything trained, the averages of the weights with it.
  var state: [TensorInfo] { optimizerState + averages }
  /// Of each trained tensor, where the program asks for one.
  var averages: [TensorInfo] { program.training.average == nil ? [] : trained.map(\.average) }
  /// What the updates keep.
  var optimizerState: [TensorInfo] {
    parts.flatMap { assigned in
      assigned.update.state(of: assigned.part).map {
        TensorInfo(name: $0.name, role: .state, shape: $0.shape, initialValue: 0, weight: assigned.weight)
      }
    }
  }
  var tensors: [TensorInfo] { parameters + state + buffers }

  /// An empty module with the phase's symbols.
  func module(named name: String) -> Module {
    var module = Module(name: name)
    module.symbols = symbolInfos
    return module
  }
}
