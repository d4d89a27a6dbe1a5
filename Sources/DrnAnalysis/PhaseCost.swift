import DrnCPU
import DrnCompiler
import DrnData
import DrnIR
import DrnKernels
import DrnLowering
import DrnMethods
import DrnPasses
import DrnPlan
import DrnProgram

/// What one phase costs at given ranks.
public struct PhaseCost: Sendable, Hashable {
  /// Numbers held while training: trained and frozen.
  public let parameters: Int
  /// Numbers the optimizer moves.
  public let trainableParameters: Int
  /// Numbers a deployed copy of the network needs in this phase's form.
  public let deployedParameters: Int
  /// Of them those that no mask fixes at zero.
  public let activeParameters: Int
  /// Multiply-adds of matrix products per example, forward.
  public let forwardOperations: Int
  /// Multiply-adds of matrix products per example, for a whole training step.
  public let trainingOperations: Int
  /// Bytes of the one arena: weights, state, activations, scratch.
  public let memory: Int
  /// Bytes of optimizer state.
  public let stateBytes: Int
  /// Multiply-adds by the forms as written, whatever the compiler makes of them.
  public let nominal: NominalOperations
  /// Bytes that a step adds over the devices; 0 where they are not asked for.
  public let trafficBytes: Int
  /// Bytes of optimizer state that each device has where it is divided over them; 0 where they are not asked for.
  public let deviceStateBytes: Int
  /// By the cost model of this machine, in milliseconds.
  public let predictedStepTime: Double
  /// The same for an epoch's last step, where it takes fewer examples; else that of every step.
  public let predictedLastStepTime: Double

  /// Bytes of all gradients: what data-parallel training would exchange per step.
  public var gradientBytes: Int { trainableParameters * 4 }

  /// The value of a quantity that `require` can name.
  public func value(of quantity: Requirement.Quantity) -> Double { Double(count(of: quantity)) }

  /// The same, exactly.
  public func count(of quantity: Requirement.Quantity) -> Int {
    switch quantity {
    case .parameters: parameters
    case .trainableParameters: trainableParameters
    case .deployedParameters: deployedParameters
    case .activeParameters: activeParameters
    case .forwardOperations: forwardOperations
    case .trainingOperations: trainingOperations
    case .memory: memory
    case .stateBytes: stateBytes
    case .gradientBytes: gradientBytes
    case .traffic: trafficBytes
    }
  }
}

extension PhaseCompiler {
  /// What is known of a phase's cost from its shapes alone, without compiling it; arithmetic, memory and time are 0.
  public func parameterCost(phase: Int, ranks: [Int]) -> PhaseCost {
    let current = program.phases[phase]
    var (trainable, frozen) = (0, 0)
    for index in program.weights.indices {
      let cost = weightCost(index, phase: phase, ranks: ranks)
      (trainable, frozen) = (trainable + cost.trainable, frozen + cost.frozen)
    }
    for (name, count) in program.network.vectors { if current.trainable.contains(name) { trainable += count } else { frozen += count } }
    return PhaseCost(
      parameters: trainable + frozen, trainableParameters: trainable, deployedParameters: deployedParameters(phase: phase, ranks: ranks),
      activeParameters: activeParameters(phase: phase, ranks: ranks), forwardOperations: 0, trainingOperations: 0, memory: 0,
      stateBytes: stateBytes(phase: phase, ranks: ranks),
      nominal: NominalOperations(), trafficBytes: 0, deviceStateBytes: 0, predictedStepTime: 0, predictedLastStepTime: 0)
  }

  /// Of the state of all updates, from its shapes; what one of so many devices has where it is divided over them.
  private func stateBytes(phase: Int, ranks: [Int], devices: Int = 1) -> Int {
    let state = (try? tensors(phase: phase, ranks: ranks).filter { $0.info.role == .state }) ?? []
    let division = StateDivision(devices: devices)
    return state.reduce(0) { $0 &+ 4 &* division.elements(of: $1.shape) }
  }

  /// What the renewals of a phase add to one step, of a quantity that each of their functions has.
  private func renewals(_ phase: Int, _ quantity: (String) -> Double) throws(IRError) -> Double {
    try lowering.renewals(phase: phase).reduce(0) { sum, renewal in
      let steps = renewal.period.steps(stepsPerEpoch: program.stepsPerEpoch) ?? 1
      return sum + quantity(renewal.function) / Double(max(1, steps))
    }
  }

  /// Compiles a phase at the given ranks and adds up what it costs; over so many devices, where a number is given, what they exchange too.
  public func cost(phase: Int, ranks: [Int], machine: MachineModel, devices: Int? = nil) throws(IRError) -> PhaseCost {
    let compiled = try compiled(phase: phase, ranks: ranks)
    let module = compiled.module
    let plan: SegmentPlan
    do { plan = try compiled.plan(threads: machine.threads) } catch { throw IRError("\(error)") }
    let batch = max(1, evaluationBatch)
    let trainable = plan.elements(.weight)
    let renewalTime = try renewals(phase) { machine.milliseconds(of: $0, in: module) }
    let renewalOperations = try renewals(phase) { Double(multiplyAdds(module, $0)) }
    let time = machine.milliseconds(of: FunctionName.step, in: module) + renewalTime
    return PhaseCost(
      parameters: trainable + plan.elements(.frozen), trainableParameters: trainable,
      deployedParameters: deployedParameters(phase: phase, ranks: ranks),
      activeParameters: activeParameters(phase: phase, ranks: ranks),
      forwardOperations: multiplyAdds(module, FunctionName.evaluate) / batch,
      trainingOperations: (multiplyAdds(module, FunctionName.step) + Int(renewalOperations)) / batch, memory: plan.totalBytes,
      stateBytes: plan.elements(.state) * 4,
      nominal: try nominalOperations(phase: phase, ranks: ranks),
      trafficBytes: try devices.map { count throws(IRError) in try trafficBytes(phase: phase, ranks: ranks, devices: count) } ?? 0,
      deviceStateBytes: devices.map { stateBytes(phase: phase, ranks: ranks, devices: $0) } ?? 0,
      predictedStepTime: time,
      predictedLastStepTime: program.batches.rest != nil
        ? machine.milliseconds(of: FunctionName.remainderStep, in: module) + renewalTime : time)
  }

  /// Numbers a deployed copy has at the given ranks, every weight in its deployed form.
  public func deployedParameters(phase: Int, ranks: [Int]) -> Int {
    let matrices = program.weights.indices.reduce(0) { sum, index in
      let weight = program.weights[index]
      let form = program.form(of: index, phase: phase, ranks: ranks).deployedForm
      let parameters = form.parameters(weight.shape, rank: Dimension(ranks[index]))
      return sum + parameters.reduce(0) { $0 + $1.shape.reduce(1) { $0 &* $1.constant } }
    }
    return matrices + program.network.vectors.reduce(0) { $0 + $1.count }
  }

  /// Numbers at the given ranks that no mask fixes at zero, frozen ones included.
  private func activeParameters(phase: Int, ranks: [Int]) -> Int {
    let matrices = program.weights.indices.reduce(0) { sum, index in
      let weight = program.weights[index]
      return sum &+ weight.spans[program.phases[phase].forms[index]].form.activeCount(weight.shape, rank: ranks[index])
    }
    return matrices + program.network.vectors.reduce(0) { $0 + $1.count }
  }

  /// Multiply-adds of the matrix products and convolutions of a function.
  public func multiplyAdds(_ module: Module, _ name: String) -> Int {
    guard let function = module.function(name) else { return 0 }
    return function.operations.reduce(0) { $0 &+ ($1.multiplyAdds(in: function) ?? 0) }
  }
}

extension Network {
  /// Biases, scales and offsets with the number of their entries.
  var vectors: [(name: String, count: Int)] {
    nodes.flatMap { node in
      node.parameters.compactMap { parameter in
        if case .vector(let size) = parameter.kind { ("\(node.savedName).\(parameter.name)", size) } else { nil }
      }
    }
  }
}
