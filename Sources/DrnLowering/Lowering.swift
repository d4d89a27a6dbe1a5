import DrnIR
import DrnMethods
import DrnProgram
import Synchronization

/// From a checked program to IR, symbolic in ranks: one module per phase, transition and event.
///
/// Tensors are named by the saved name of their layer: `fc1.weight` while dense, `fc1.weight.u` for a factor, `fc1.weight.u/momentum` for
/// optimizer state, `norm1.running_mean` for a buffer.
public struct Lowering: Sendable {
  /// What is lowered.
  public let program: CheckedProgram
  /// Examples per gradient evaluation.
  public let batch: Int

  private let layouts = LayoutMemory()

  /// `batch` replaces the program's own, for instance to price another one.
  public init(program: CheckedProgram, batch: Int? = nil) {
    self.program = program
    self.batch = batch ?? program.training.batch
  }

  /// The phase of that index with its forms and symbols.
  func layout(_ phase: Int) throws(IRError) -> PhaseLayout {
    guard program.phases.indices.contains(phase) else { throw IRError("the program has no phase \(phase)") }
    return try layouts.layout(phase) { () throws(IRError) in try PhaseLayout(program: program, phase: program.phases[phase]) }
  }

  /// Every tensor that lives across the steps of a phase: weights and frozen parameters in network order, then state, then buffers.
  public func tensors(phase: Int) throws(IRError) -> [TensorInfo] { try layout(phase).tensors }

  /// The rank symbols of a phase, by index into `CheckedProgram.weights`; as many as its module has.
  public func rankSymbols(phase: Int) throws(IRError) -> [Int: Symbol] { try layout(phase).symbols }

  /// The values that a rank symbol of a phase may take.
  public func rankBounds(of symbol: Symbol, phase: Int) throws(IRError) -> ClosedRange<Int> {
    let infos = try layout(phase).symbolInfos
    return infos.indices.contains(symbol.index) ? infos[symbol.index].bounds : 0...0
  }

  /// The functions `loss`, `evaluate` and `step` of one phase.
  public func phaseModule(_ phase: Int, evaluationBatch: Int) throws(IRError) -> PhaseModule {
    let layout = try layout(phase)
    var module = layout.module(named: "phase\(phase)")
    let step = try StepLowering(layout: layout, batch: batch)
    for function in try step.lossFunctions(in: module) { module.set(function) }
    module.set(try step.evaluateFunction(batch: evaluationBatch, in: module))
    module.set(try step.stepFunction(in: module))
    for renewal in step.renewals { module.set(try step.renewalFunction(renewal, in: module)) }
    return PhaseModule(module: module, symbols: layout.symbols)
  }

  /// The function `evaluate` of one phase alone.
  public func evaluationModule(_ phase: Int, batch: Int) throws(IRError) -> PhaseModule {
    let layout = try layout(phase)
    var module = layout.module(named: "phase\(phase)")
    module.set(try StepLowering(layout: layout, batch: self.batch).evaluateFunction(batch: batch, in: module))
    return PhaseModule(module: module, symbols: layout.symbols)
  }

  /// The function `forward` of one phase alone: from features to outputs as in evaluation, with weights in the forms they are deployed in,
  /// or each as one matrix where `isMerged` says so.
  public func forwardModule(_ phase: Int, batch: Int, isMerged: Bool) throws(IRError) -> PhaseModule {
    // Other systems are handed products in single precision.
    let layout = try Lowering(program: program.inSinglePrecision()).layout(phase).deployed(isMerged: isMerged)
    var module = layout.module(named: "phase\(phase)")
    module.set(try StepLowering(layout: layout, batch: batch).forwardFunction(in: module))
    return PhaseModule(module: module, symbols: layout.symbols)
  }

  /// The tensors that `forward` takes, in its order: parameters, then buffers.
  public func forwardTensors(phase: Int, isMerged: Bool) throws(IRError) -> [TensorInfo] {
    let layout = try layout(phase).deployed(isMerged: isMerged)
    return layout.parameters + layout.buffers
  }

  /// The function `initialize`: from the key to every weight and frozen parameter of phase 0. Symbols are those of phase 0.
  public func initialization() throws(IRError) -> PhaseModule {
    let layout = try layout(0)
    var module = layout.module(named: "initialization")
    module.set(try initializeFunction(layout, in: module))
    return PhaseModule(module: module, symbols: layout.symbols)
  }

  /// The function `dense`: every weight of a phase as one matrix, `dense/fc1.weight`.
  public func denseModule(phase: Int) throws(IRError) -> PhaseModule {
    let layout = try layout(phase)
    var module = layout.module(named: "dense\(phase)")
    var builder = Builder(function: FunctionName.dense, in: module)
    for weight in layout.weights {
      let parameters = weight.arguments(in: &builder)
      let dense = try weight.form.reconstruct(parameters, shape: weight.plan.shape, rank: weight.rank, in: &builder)
      builder.result(PortName.dense(weight.plan.name), role: .output, dense)
    }
    module.set(builder.function)
    return PhaseModule(module: module, symbols: layout.symbols)
  }

  /// The function `deploy`: every weight whose form changes when training ends, in the form it is deployed in, as `deployed/fc1.weight.u`
  /// and so on. `nil` where there is none.
  public func deployModule(phase: Int) throws(IRError) -> PhaseModule? {
    let layout = try layout(phase)
    let merged = layout.weights.filter { !$0.form.deployedForm.isSame(as: $0.form) }
    guard !merged.isEmpty else { return nil }
    var module = layout.module(named: "deploy\(phase)")
    var builder = Builder(function: FunctionName.deploy, in: module)
    for weight in merged {
      let parameters = weight.arguments(in: &builder)
      let values = try weight.form.deploy(parameters, shape: weight.plan.shape, rank: weight.rank, in: &builder)
      for (tensor, value) in zip(weight.deployed, values) { builder.result(PortName.deployed(tensor.name), role: .output, value) }
    }
    module.set(builder.function)
    return PhaseModule(module: module, symbols: layout.symbols)
  }

  /// What a deployed copy of the network holds after a phase: parameters and buffers.
  public func deployedTensors(phase: Int) throws(IRError) -> [TensorInfo] {
    let layout = try layout(phase)
    var seen: Set<Int> = []
    return (layout.parameters + layout.buffers).flatMap { tensor in
      guard let weight = tensor.weight else { return [tensor] }
      return seen.insert(weight).inserted ? layout.weights[weight].deployed : []
    }
  }
}

/// A module with the rank symbols of its weights, by index into `CheckedProgram.weights`; weights without a rank have none.
public struct PhaseModule: Sendable {
  /// Symbolic in the ranks of its weights.
  public let module: Module
  /// The rank symbol of each weight that has a rank.
  public let symbols: [Int: Symbol]
  public init(module: Module, symbols: [Int: Symbol]) {
    self.module = module
    self.symbols = symbols
  }
}

/// The layouts of a program's phases, each made once for a lowering and its copies.
private final class LayoutMemory: Sendable {
  private let known = Mutex<[Int: PhaseLayout]>([:])

  func layout(_ phase: Int, _ make: () throws(IRError) -> PhaseLayout) throws(IRError) -> PhaseLayout {
    if let layout = known.withLock({ $0[phase] }) { return layout }
    let layout = try make()
    known.withLock { $0[phase] = layout }
    return layout
  }
}
