import DrnData
import DrnIR
import DrnLowering
import DrnMethods
import DrnPasses
import DrnProgram

/// The one way from a checked program to what is run: its phases, and the functions between and beside them.
///
/// Copies share what they have made. Ranks are indexed like `program.weights`, 0 for a form without rank; the extents of
/// `program.extents` follow them.
public struct PhaseCompiler: Sendable {
  /// The program, as it was checked.
  public let program: CheckedProgram
  /// The examples of one update.
  private let update: BatchPlan.Update
  /// From the program, with its batch as one step has it.
  public let lowering: Lowering
  private let memory = CompilerMemory()
  /// Rows of one evaluation batch: as many as a step takes, so that both share the input's memory.
  public var evaluationBatch: Int { update.examples }

  /// A compiler of the step of a full update.
  public init(program: CheckedProgram) { self.init(program: program, update: program.batches.whole) }

  /// A compiler of the step that takes `update`.
  public init(program: CheckedProgram, update: BatchPlan.Update) {
    self.program = program
    self.update = update
    lowering = Lowering(program: program.with(update))
  }

  /// The ranks of every weight on entry to a phase, as the schedule states them; where the rank is decided at run time what it is priced at.
  public func scheduledRanks(phase: Int) -> [Int] { program.scheduledRanks(phase: phase) }

  package var work: CompilerWork { memory.work }

  // MARK: Stages

  /// Symbolic in rank; the step calls `value_and_gradient`.
  public func lowered(phase: Int) throws(IRError) -> PhaseModule {
    try memory.lowered(phase) { () throws(IRError) in try lowering.phaseModule(phase, evaluationBatch: evaluationBatch) }
  }

  /// Symbolic in rank; the step is a straight line with its gradients.
  public func withGradients(phase: Int) throws(IRError) -> Module { try expandGradients(try lowered(phase: phase).module) }

  /// A module of a phase at the given ranks, before any optimization.
  public func specialized(_ phase: PhaseModule, ranks: [Int]) throws(IRError) -> Module {
    try specialize(phase.module, ranks: RankSymbols(phase).values(ranks))
  }

  /// The functions of a phase at the given ranks: `step`, those of its renewals, `evaluate`, and `step_rest` and
  /// so on where an epoch has a smaller last update.
  ///
  /// The second step has ports `features_rest`, `labels_rest` and `logits_rest`; all others are those of `step`, so that both share weights
  /// and state in one arena.
  public func compiled(phase: Int, ranks: [Int]) throws(IRError) -> Compiled {
    try memory.compiled(.phase(phase), ranks: ranks) { () throws(IRError) in
      let (module, functions) = try concreteFunctions(phase: phase, ranks: ranks)
      return Compiled(module: try optimize(module, roots: functions), functions: functions)
    }
  }

  /// Those functions at the stage `portable`, for so many devices.
  public func portable(phase: Int, ranks: [Int], devices: Int = 1) throws(IRError) -> Module {
    let (module, functions) = try concreteFunctions(phase: phase, ranks: ranks)
    return try makePortable(module, roots: functions, devices: devices)
  }

  /// The functions of a phase with gradients and at ranks, and the names of those that are run.
  private func concreteFunctions(phase: Int, ranks: [Int]) throws(IRError) -> (module: Module, functions: [String]) {
    let ofBatches = [FunctionName.step] + (try lowering.renewals(phase: phase).map(\.function))
    var functions = ofBatches + [FunctionName.evaluate]
    var module = try concreteGradients(phase: phase, ranks: ranks)
    if let rest = program.batches.rest {
      for function in try PhaseCompiler(program: program, update: rest).remainders(of: ofBatches, phase: phase, ranks: ranks) {
        module.set(function)
        functions.append(function.name)
      }
    }
    return (module, functions)
  }

  private func remainders(of names: [String], phase: Int, ranks: [Int]) throws(IRError) -> [Function] {
    let module = try concreteGradients(phase: phase, ranks: ranks)
    let suffix = PortName.remainderSuffix
    return try names.map { name throws(IRError) in
      guard var function = module.function(name) else { throw IRError("no function \(name)") }
      function.name += suffix
      for index in function.arguments.indices where function.arguments[index].role == .batch { function.arguments[index].name += suffix }
      for index in function.results.indices where function.results[index].name == PortName.logits { function.results[index].name += suffix }
      return function
    }
  }

  private func concreteGradients(phase: Int, ranks: [Int]) throws(IRError) -> Module {
    try specialize(try withGradients(phase: phase), ranks: RankSymbols(try lowered(phase: phase)).values(ranks))
  }

  // MARK: Beside the phases

  /// The forward pass of a phase as it is evaluated, for batches of another size than those of its steps: the function `evaluate` alone, with
  /// its loss or without.
  public func evaluation(phase: Int, ranks: [Int], batch: Int, withLoss: Bool) throws(IRError) -> Compiled {
    let lowered = try lowering.evaluationModule(phase, batch: batch)
    var module = lowered.module
    if !withLoss, var function = module.function(FunctionName.evaluate) {
      function.results.removeAll { $0.name == PortName.loss }
      module.set(function)
    }
    return try concrete(PhaseModule(module: module, symbols: lowered.symbols), FunctionName.evaluate, ranks: ranks)
  }

  /// The training forward pass of a phase, `loss`, which statistics are taken from.
  public func trainingPass(phase: Int, ranks: [Int]) throws(IRError) -> Compiled {
    let module = try concreteGradients(phase: phase, ranks: ranks)
    return Compiled(module: try optimize(module, roots: [FunctionName.loss]), functions: [FunctionName.loss])
  }

  /// What takes further positions of one sequence, for each of `counts` so many at a time; see `Lowering.continuationModule`.
  public func continuation(phase: Int, ranks: [Int], counts: [Int]) throws(IRError) -> Compiled {
    let functions = counts.map(FunctionName.continuation)
    let module = try specialized(try lowering.continuationModule(phase, counts: counts), ranks: ranks)
    return Compiled(module: try optimize(module, roots: functions), functions: functions)
  }

  /// Every parameter of the first phase, drawn: the function `initialize`.
  public func initialization(ranks: [Int]) throws(IRError) -> Compiled {
    try concrete(try lowering.initialization(), FunctionName.initialize, ranks: ranks)
  }

  /// Whole matrices in the forms of the first phase, for some weights: the function `represent`.
  public func representation(of weights: [Int], ranks: [Int]) throws(IRError) -> Compiled {
    try concrete(try lowering.representationModule(weights: weights), FunctionName.represent, ranks: ranks)
  }

  /// The singular values of a weight in a phase, descending: the function `singular_values`. Only the weight's own ranks matter.
  public func measurement(phase: Int, weight: Int, ranks: [Int]) throws(IRError) -> Compiled {
    let extents = program.extents(of: weight, in: ranks)
    let own = [extents.rank] + extents.others.sorted { $0.key < $1.key }.map(\.value)
    return try memory.compiled(.measurement(phase: phase, weight: weight), ranks: own) { () throws(IRError) in
      let module = try lowering.measureModule(phase: phase, weight: weight)
      return try concrete(module, FunctionName.singularValues, ranks: ranks)
    }
  }

  /// The weights of a phase in the forms in which they are deployed: the function `deploy`. `nil` where none changes.
  public func deployment(phase: Int, ranks: [Int]) throws(IRError) -> Compiled? {
    guard let module = try lowering.deployModule(phase: phase) else { return nil }
    return try concrete(module, FunctionName.deploy, ranks: ranks)
  }

  /// Weights of a phase at other extents of their forms, from old to new ranks.
  public func extents(
    phase: Int, moves: [ExtentMove], stage: Int, from old: [Int], to new: [Int]
  ) throws(IRError) -> (transition: TransitionModule, compiled: Compiled) {
    let transition = try lowering.extentModule(phase: phase, moves: moves, stage: stage)
    let subject = CompilerMemory.Subject.extents(phase: phase, moves: moves, stage: stage)
    // Only the moved weights' own extents matter.
    let own = moves.flatMap { move in
      [old, new].flatMap { ranks in
        let extents = program.extents(of: move.weight, in: ranks)
        return [extents.rank] + extents.others.sorted { $0.key < $1.key }.map(\.value)
      }
    }
    let made = try memory.compiled(subject, ranks: own) { () throws(IRError) in try compiled(transition, from: old, to: new) }
    return (transition, made)
  }

  /// Other values in weights of a phase at some ranks, by the event of that place.
  public func values(
    phase: Int, event index: Int, variant: Int, weights: [Int], ranks: [Int]
  ) throws(IRError) -> (transition: TransitionModule, compiled: Compiled) {
    guard case .values(let event) = program.events[index].action else { throw IRError("event \(index) changes no values") }
    let transition = try lowering.valueModule(phase: phase, event: event, variant: variant, weights: weights)
    let subject = CompilerMemory.Subject.values(phase: phase, event: index, variant: variant, weights: weights)
    let made = try memory.compiled(subject, ranks: ranks) { () throws(IRError) in try compiled(transition, from: ranks, to: ranks) }
    return (transition, made)
  }

  /// A change of forms or of a rank from old to new ranks: the function `transition`.
  public func compiled(_ transition: TransitionModule, from old: [Int], to new: [Int]) throws(IRError) -> Compiled {
    let root = FunctionName.transition
    return Compiled(module: try optimize(try concrete(transition, from: old, to: new), roots: [root]), functions: [root])
  }

  /// That function at the stage `portable`.
  public func portable(_ transition: TransitionModule, from old: [Int], to new: [Int]) throws(IRError) -> Module {
    try makePortable(try concrete(transition, from: old, to: new), roots: [FunctionName.transition])
  }

  private func concrete(_ transition: TransitionModule, from old: [Int], to new: [Int]) throws(IRError) -> Module {
    var values = RankSymbols(transition.oldSymbols, count: transition.module.symbols.count).values(old)
    for (weight, symbol) in transition.newSymbols where values.indices.contains(symbol.index) && new.indices.contains(weight) {
      values[symbol.index] = new[weight]
    }
    return try specialize(try expandGradients(transition.module), ranks: values)
  }

  /// The network as it is deployed in a phase, on so many examples: the function `forward`, with arguments in the order of `forwardTensors`.
  public func forward(phase: Int, ranks: [Int], batch: Int, isMerged: Bool) throws(IRError) -> Compiled {
    try concrete(try lowering.forwardModule(phase, batch: batch, isMerged: isMerged), FunctionName.forward, ranks: ranks)
  }

  /// That function at the stage `portable`.
  public func portableForward(phase: Int, ranks: [Int], batch: Int, isMerged: Bool) throws(IRError) -> Module {
    let module = try specialized(try lowering.forwardModule(phase, batch: batch, isMerged: isMerged), ranks: ranks)
    return try makePortable(module, roots: [FunctionName.forward])
  }

  /// Every weight of a phase as one matrix: the function `dense`.
  public func dense(phase: Int, ranks: [Int]) throws(IRError) -> Compiled {
    try concrete(try lowering.denseModule(phase: phase), FunctionName.dense, ranks: ranks)
  }

  private func concrete(_ module: PhaseModule, _ root: String, ranks: [Int]) throws(IRError) -> Compiled {
    Compiled(module: try optimize(try specialized(module, ranks: ranks), roots: [root]), functions: [root])
  }

  /// The singular values of any matrix, its argument `matrix`, descending: the function `singular_values`.
  public static func singularValues(rows: Int, columns: Int) throws(IRError) -> Compiled {
    var module = Module(name: "spectrum")
    var builder = Builder(function: FunctionName.singularValues, in: module)
    let matrix = builder.argument(PortName.matrix, role: .weight, .f32([Dimension(rows), Dimension(columns)]))
    builder.result(PortName.singularValues, role: .output, try builder.singularValues(matrix).s)
    module.set(builder.function)
    let root = FunctionName.singularValues
    return Compiled(module: try optimize(try specialize(module, ranks: []), roots: [root]), functions: [root])
  }

  // MARK: Tensors

  /// Every tensor that lives across the steps of a phase, in the order of `Lowering.tensors`, at the given ranks.
  public func tensors(phase: Int, ranks: [Int]) throws(IRError) -> [PhaseTensor] {
    let symbols = try RankSymbols(lowering, phase: phase)
    return try lowering.tensors(phase: phase).map { PhaseTensor($0, symbols.shape(of: $0, ranks)) }
  }

  /// As `tensors`, of what a deployed copy of the network holds.
  public func deployedTensors(phase: Int, ranks: [Int]) throws(IRError) -> [PhaseTensor] {
    let symbols = try RankSymbols(lowering, phase: phase)
    return try lowering.deployedTensors(phase: phase).map { PhaseTensor($0, symbols.shape(of: $0, ranks)) }
  }

  /// As `deployedTensors`; of the network whose weights are merged into whole matrices where `isMerged` says so.
  public func forwardTensors(phase: Int, ranks: [Int], isMerged: Bool) throws(IRError) -> [PhaseTensor] {
    let symbols = try RankSymbols(lowering, phase: phase)
    return try lowering.forwardTensors(phase: phase, isMerged: isMerged).map { PhaseTensor($0, symbols.shape(of: $0, ranks)) }
  }

  /// Those of a change that begin anew in a phase.
  public func reset(by transition: TransitionModule, phase: Int, ranks: [Int]) throws(IRError) -> [PhaseTensor] {
    let symbols = try RankSymbols(lowering, phase: phase)
    return transition.reset.map { PhaseTensor($0, symbols.shape(of: $0, ranks)) }
  }
}

/// A tensor that lives across steps, at given ranks.
public struct PhaseTensor: Sendable {
  /// Name, role and symbolic shape.
  public let info: TensorInfo
  /// The extents at the ranks.
  public let shape: [Int]
  /// Elements.
  public var count: Int { shape.reduce(1, *) }

  public init(_ info: TensorInfo, _ shape: [Int]) {
    self.info = info
    self.shape = shape
  }
}

/// Which rank symbol of a module stands for which weight.
private struct RankSymbols {
  private let symbols: [Int: Symbol]
  private let count: Int

  init(_ symbols: [Int: Symbol], count: Int) {
    self.symbols = symbols
    self.count = count
  }

  init(_ module: PhaseModule) { self.init(module.symbols, count: module.module.symbols.count) }

  init(_ lowering: Lowering, phase: Int) throws(IRError) {
    let symbols = try lowering.rankSymbols(phase: phase)
    self.init(symbols, count: symbols.count)
  }

  /// Ranks by weight, arranged by symbol.
  func values(_ ranks: [Int]) -> [Int] {
    var values = [Int](repeating: 0, count: count)
    for (weight, symbol) in symbols where values.indices.contains(symbol.index) && ranks.indices.contains(weight) {
      values[symbol.index] = ranks[weight]
    }
    return values
  }

  func shape(of tensor: TensorInfo, _ ranks: [Int]) -> [Int] {
    let values = values(ranks)
    return tensor.shape.map { $0.substituting(values).constant }
  }
}
