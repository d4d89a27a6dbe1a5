import DrnIR
import DrnMethods
import DrnProgram

extension Lowering {
  /// The change into a phase from the one before it; `nil` for the first phase and where no tensor comes, goes or changes.
  public func transitionModule(into phase: Int) throws(IRError) -> TransitionModule? {
    guard phase > 0 else { return nil }
    let (before, after) = (try layout(phase - 1), try layout(phase))
    var symbols = SymbolPairs(program)
    var changes: [WeightChange] = []
    for (old, new) in zip(before.weights, after.weights) where before.phase.forms[old.index] != after.phase.forms[new.index] {
      changes.append(change(from: old, to: new, before, after, &symbols))
    }
    let transition = try module("transition\(phase)", changes, symbols, from: before, to: after)
    return transition.affected.isEmpty && transition.reset.isEmpty && transition.retired.isEmpty ? nil : transition
  }

  /// The change of one weight's rank within a phase: function `transition`, from the old rank symbol to a new one that is smaller or larger.
  public func rankModule(
    phase: Int, weight: Int, state: StatePolicy, direction: RankChange.Direction
  ) throws(IRError) -> TransitionModule {
    let layout = try layout(phase)
    let weight = try ranked(weight, layout)
    var symbols = SymbolPairs(program)
    let change = WeightChange(
      old: symbols.old(weight, in: layout.phase), new: symbols.new(weight, in: layout.phase), policy: state,
      slots: weight.carriedSlots(program), direction: direction)
    return try module("rank\(phase)", [change], symbols, from: layout, to: layout)
  }

  /// The function `singular_values` of one weight: its parameters to a vector `singular_values`, descending.
  public func measureModule(phase: Int, weight: Int) throws(IRError) -> PhaseModule {
    let layout = try layout(phase)
    guard layout.weights.indices.contains(weight) else { throw IRError("the program has no weight \(weight)") }
    var module = layout.module(named: "measure\(phase)")
    let measured = layout.weights[weight]
    var builder = Builder(function: FunctionName.singularValues, in: module)
    let parameters = measured.arguments(in: &builder)
    let values = try measured.form.singularValues(parameters, shape: measured.plan.shape, rank: measured.rank, in: &builder)
    builder.result(PortName.singularValues, role: .output, values)
    module.set(builder.function)
    return PhaseModule(module: module, symbols: layout.symbols)
  }

  private func ranked(_ weight: Int, _ layout: PhaseLayout) throws(IRError) -> WeightForm {
    guard layout.weights.indices.contains(weight) else { throw IRError("the program has no weight \(weight)") }
    guard layout.weights[weight].form.isChangedByEvents else { throw IRError("\(layout.weights[weight].plan.name) has no rank to change") }
    return layout.weights[weight]
  }

  private func change(
    from old: WeightForm, to new: WeightForm, _ before: PhaseLayout, _ after: PhaseLayout, _ symbols: inout SymbolPairs
  ) -> WeightChange {
    let (oldBounds, newBounds) = (old.span.rankBounds, new.span.rankBounds)
    let staysSame =
      new.form.structure.isSame(as: old.form.structure) && oldBounds == newBounds && oldBounds.count == 1 && old.extents.others.isEmpty
      && new.extents.others.isEmpty
    let oldForm = symbols.old(old, in: before.phase)
    let newForm = staysSame ? symbols.kept(new) : symbols.new(new, in: after.phase)
    let shared = new.carriedSlots(program).filter(old.carriedSlots(program).contains)
    return WeightChange(
      old: oldForm, new: newForm, policy: new.span.transition.state, slots: shared,
      direction: staysSame ? .unchanged : direction(from: oldBounds, to: newBounds))
  }

  /// Which way a rank goes whatever its value within the bounds; `nil` where that is open.
  private func direction(from old: ClosedRange<Int>, to new: ClosedRange<Int>) -> RankChange.Direction? {
    if new.lowerBound > old.upperBound { return .up }
    return new.upperBound <= old.lowerBound ? .down : nil
  }

  private func module(
    _ name: String, _ changes: [WeightChange], _ symbols: SymbolPairs, from before: PhaseLayout, to after: PhaseLayout
  ) throws(IRError) -> TransitionModule {
    var module = Module(name: name)
    module.symbols = symbols.infos
    var builder = Builder(function: FunctionName.transition, in: module)
    let key = builder.argument(PortName.key, role: .key, StepLowering.keyType)
    for change in changes { try change.emit(key: key, in: &builder) }
    module.set(builder.function)
    let fate = TensorFate(changes: changes, before: before, after: after)
    return TransitionModule(
      module: module, oldSymbols: symbols.old, newSymbols: symbols.new, affected: changes.map(\.new.index), unchanged: fate.unchanged,
      reset: fate.reset, retired: fate.retired, pruned: fate.pruned)
  }
}

extension WeightForm {
  /// The slots of its tensors that mean something in other coordinates too.
  func carriedSlots(_ program: CheckedProgram) -> [SlotSpec] {
    var slots: [SlotSpec] = []
    for state in update.state(of: part(of: program)) where state.slot.law != .own && !slots.contains(state.slot) {
      slots.append(state.slot)
    }
    return slots
  }
}

/// The rank symbols of a change, by the place in a list of ranks.
struct SymbolPairs {
  private let program: CheckedProgram
  private(set) var infos: [SymbolInfo] = []
  private(set) var old: [Int: Symbol] = [:]
  private(set) var new: [Int: Symbol] = [:]

  init(_ program: CheckedProgram) { self.program = program }

  /// The weight at new symbols of what it was before.
  mutating func old(_ weight: WeightForm, in phase: Phase) -> WeightForm {
    let (extents, places) = add(weight, phase, " before")
    old.merge(places) { _, new in new }
    return weight.at(extents)
  }
  /// The weight at new symbols of what it is after.
  mutating func new(_ weight: WeightForm, in phase: Phase) -> WeightForm {
    let (extents, places) = add(weight, phase, "")
    new.merge(places) { _, new in new }
    return weight.at(extents)
  }
  /// The old symbol serves as the new one.
  mutating func kept(_ weight: WeightForm) -> WeightForm {
    guard let symbol = old[weight.index] else { return weight.at(WeightExtents(rank: 0)) }
    new[weight.index] = symbol
    return weight.at(WeightExtents(rank: Dimension(symbol)))
  }

  private mutating func add(
    _ weight: WeightForm, _ phase: Phase, _ suffix: String
  ) -> (extents: WeightExtents<Dimension>, places: [Int: Symbol]) {
    var (extents, places) = (WeightExtents<Dimension>(rank: 0), [Int: Symbol]())
    if weight.form.rank != nil {
      places[weight.index] = add("\(weight.plan.name)\(suffix)", weight.span.rankBounds)
      extents.rank = places[weight.index].map { Dimension($0) } ?? 0
    }
    for spec in program.extents(of: weight.index, in: phase) {
      guard let place = program.rankIndex(of: WeightExtent(weight: weight.index, name: spec.name)) else { continue }
      let symbol = add("\(weight.plan.name) \(spec.name)\(suffix)", spec.bounds)
      places[place] = symbol
      extents.others[spec.name] = Dimension(symbol)
    }
    return (extents, places)
  }
  private mutating func add(_ name: String, _ bounds: ClosedRange<Int>) -> Symbol {
    infos.append(SymbolInfo(name: name, bounds: bounds))
    return Symbol(infos.count - 1)
  }
}

/// What becomes of every tensor of the old phase, and where those of the new one come from.
private struct TensorFate {
  let unchanged: [String]
  let reset: [TensorInfo]
  let retired: [String]
  let pruned: [TransitionModule.Pruning]

  init(changes: [WeightChange], before: PhaseLayout, after: PhaseLayout) {
    let affected = Set(changes.map(\.new.index))
    let carried = Set(changes.flatMap(\.carriedNames))
    let oldNames = Set(before.tensors.map(\.name))
    let newNames = Set(after.tensors.map(\.name))
    let restarts = changes.contains { $0.policy == .restart }
    func isAffected(_ tensor: TensorInfo) -> Bool { tensor.weight.map(affected.contains) ?? false }
    /// Whether a tensor that is not affected keeps its numbers.
    func goesOn(_ tensor: TensorInfo) -> Bool {
      oldNames.contains(tensor.name) && !(restarts && tensor.role == .state && !tensor.isAverage)
    }
    unchanged = after.tensors.filter { !isAffected($0) && goesOn($0) }.map(\.name)
    reset = after.tensors.filter { tensor in
      tensor.initialValue != nil && (isAffected(tensor) ? !carried.contains(tensor.name) : !goesOn(tensor))
    }
    retired = before.tensors.map(\.name).filter { !newNames.contains($0) }
    pruned = changes.flatMap { change -> [TransitionModule.Pruning] in
      guard case .prune(let keep) = change.policy else { return [] }
      return change.carriedNames.map { TransitionModule.Pruning(name: $0, keep: keep) }
    }
  }
}
