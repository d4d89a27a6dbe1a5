import DrnIR
import DrnMethods
import DrnProgram

/// A trained weight whose update changes its extents.
public struct Adjustment: Sendable {
  /// An index into `CheckedProgram.weights`.
  public let weight: Int
  /// The weight, its extents symbols of the phase.
  public let part: UpdatedPart
  /// What decides.
  public let update: any AdaptiveUpdate
  /// When.
  public let period: AdjustmentPeriod
  /// The state that it decides by, by name.
  public var measurements: [String] { update.measurements(of: part) }
}

/// One weight's way to other extents.
public struct ExtentMove: Hashable, Sendable {
  /// An index into `CheckedProgram.weights`.
  public let weight: Int
  public let direction: RankChange.Direction
  public init(weight: Int, direction: RankChange.Direction) {
    self.weight = weight
    self.direction = direction
  }
}

extension Lowering {
  /// The weights of a phase whose extents their updates change, in network order.
  public func adjustments(phase: Int) throws(IRError) -> [Adjustment] {
    try layout(phase).parts.compactMap { assigned in
      guard let weight = assigned.weight, let update = assigned.update as? any AdaptiveUpdate,
        let period = update.adjustmentPeriod(of: assigned.part)
      else { return nil }
      return Adjustment(weight: weight, part: assigned.part, update: update, period: period)
    }
  }

  /// Weights at other extents of the same form, as their updates have it: function `transition`, all of them together.
  public func extentModule(phase: Int, moves: [ExtentMove], stage: Int) throws(IRError) -> TransitionModule {
    let layout = try layout(phase)
    var symbols = SymbolPairs(program)
    var pairs: [(old: WeightForm, new: WeightForm, direction: RankChange.Direction)] = []
    for move in moves {
      guard layout.weights.indices.contains(move.weight) else { throw IRError("the program has no weight \(move.weight)") }
      let weight = layout.weights[move.weight]
      pairs.append((symbols.old(weight, in: layout.phase), symbols.new(weight, in: layout.phase), move.direction))
    }
    var module = Module(name: "extents\(phase)")
    module.symbols = symbols.infos
    var builder = Builder(function: FunctionName.transition, in: module)
    let key = builder.argument(PortName.key, role: .key, StepLowering.keyType)
    var kept: Set<String> = []
    for (old, new, direction) in pairs {
      kept.formUnion(try emit(old, new, direction, stage: stage, key: key, in: &builder))
    }
    module.set(builder.function)
    let affected = moves.map(\.weight)
    return TransitionModule(
      module: module, oldSymbols: symbols.old, newSymbols: symbols.new, affected: affected, unchanged: [],
      reset: layout.optimizerState.filter { $0.weight.map(affected.contains) ?? false && !kept.contains($0.name) }, retired: [], pruned: [])
  }

  /// Other values in weights of a phase, by an event: function `transition`, all of them together. Outputs `<measurement>/<weight>`.
  public func valueModule(phase: Int, event: any ValueEvent, variant: Int, weights: [Int]) throws(IRError) -> TransitionModule {
    let layout = try layout(phase)
    var symbols = SymbolPairs(program)
    var module = Module(name: "values\(phase)")
    var forms: [WeightForm] = []
    for index in weights {
      guard layout.weights.indices.contains(index) else { throw IRError("the program has no weight \(index)") }
      forms.append(symbols.old(layout.weights[index], in: layout.phase))
    }
    module.symbols = symbols.infos
    var builder = Builder(function: FunctionName.transition, in: module)
    let key = builder.argument(PortName.key, role: .key, StepLowering.keyType)
    var carried: Set<String> = []
    for form in forms { carried.formUnion(try emit(event, variant, form, key: key, in: &builder)) }
    module.set(builder.function)
    var pruned: [TransitionModule.Pruning] = []
    if case .prune(let keep) = event.state { pruned = carried.sorted().map { TransitionModule.Pruning(name: $0, keep: keep) } }
    return TransitionModule(
      module: module, oldSymbols: symbols.old, newSymbols: [:], affected: weights, unchanged: [],
      reset: layout.optimizerState.filter { $0.weight.map(weights.contains) ?? false && !carried.contains($0.name) }, retired: [],
      pruned: pruned)
  }

  /// Returns the names of the state that goes on.
  private func emit(
    _ event: any ValueEvent, _ variant: Int, _ weight: WeightForm, key: Value, in builder: inout Builder
  ) throws(IRError) -> [String] {
    let parameters = weight.arguments(in: &builder)
    let slots = event.state.startsAnew || !weight.isTrained ? [] : weight.carriedSlots(program)
    let carried = slots.map { weight.slotArguments($0, in: &builder) }
    let changed = try event.change(
      ValueChange(
        weight: WeightInForm(form: weight.form, shape: weight.plan.shape, rank: weight.rank), name: weight.plan.name, variant: variant,
        parameters: parameters, slots: carried, key: key), in: &builder)
    for (tensor, value) in zip(weight.parameters, changed.parameters) { builder.result(tensor.name, role: tensor.role, value) }
    let names = weight.addResults(changed.slots, to: &builder)
    for (name, value) in changed.measured { builder.result("\(name)/\(weight.plan.name)", role: .output, value) }
    return names
  }

  /// Returns the names of the state that goes on.
  private func emit(
    _ old: WeightForm, _ new: WeightForm, _ direction: RankChange.Direction, stage: Int, key: Value, in builder: inout Builder
  ) throws(IRError) -> [String] {
    guard let update = new.update as? any AdaptiveUpdate else { throw IRError("the update of \(new.plan.name) changes no extents") }
    let (oldPart, newPart) = (old.part(of: program), new.part(of: program))
    let parameters = old.arguments(in: &builder)
    var state: [String: Value] = [:]
    for spec in old.update.state(of: oldPart) { state[spec.name] = builder.argument(spec.name, role: .state, .f32(spec.shape)) }
    let changed = try update.change(
      ExtentChange(
        old: oldPart, new: newPart, parameters: parameters, state: state, stage: stage, direction: direction, key: key), in: &builder)
    let shape = new.plan.shape
    let before = try old.form.reconstruct(parameters, shape: shape, rank: old.rank, in: &builder)
    let after = try new.form.reconstruct(changed.parameters, shape: shape, rank: new.rank, in: &builder)
    for (tensor, value) in zip(new.parameters, changed.parameters) { builder.result(tensor.name, role: tensor.role, value) }
    for (name, value) in changed.state.sorted(by: { $0.key < $1.key }) { builder.result(name, role: .state, value) }
    let error = try builder.relativeNorm(try builder.subtract(after, before), to: before)
    builder.result(PortName.truncationError(new.plan.name), role: .output, error)
    return Array(changed.state.keys)
  }
}
