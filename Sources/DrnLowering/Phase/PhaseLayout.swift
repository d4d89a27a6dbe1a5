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
  /// What state and buffers start from; `nil` for parameters, which `initialize` or a transition gives.
  public let initialValue: Double?
  /// The weight it belongs to, as an index into `CheckedProgram.weights`; `nil` for vectors and buffers.
  public let weight: Int?
  /// The kernel of the convolution that the matrix computes by itself; `nil` for other tensors.
  public let kernel: Extent2?
  /// Which vectors of the matrix are orthonormal in this form; `nil` for other tensors.
  public let orthonormal: MatrixVectors?
  public init(
    name: String, role: Role, shape: [Dimension], initialValue: Double?, weight: Int?, kernel: Extent2? = nil,
    orthonormal: MatrixVectors? = nil
  ) {
    self.name = name
    self.role = role
    self.shape = shape
    self.initialValue = initialValue
    self.weight = weight
    self.kernel = kernel
    self.orthonormal = orthonormal
  }
}

/// A weight in the form it has in one phase.
struct WeightForm: Sendable {
  let index: Int
  let plan: WeightPlan
  let span: FormSpan
  let rank: Dimension
  let isTrained: Bool
  var form: any Parameterization { span.form }

  /// Names, shapes and roles of its parameters.
  var parameters: [TensorInfo] { tensors(of: form) }
  /// Those of a copy that is no longer trained.
  var deployed: [TensorInfo] { tensors(of: form.deployedForm) }

  private func tensors(of form: any Parameterization) -> [TensorInfo] {
    form.parameters(plan.shape, rank: rank).map { spec in
      TensorInfo(
        name: spec.name.isEmpty ? plan.name : "\(plan.name).\(spec.name)", role: isTrained && spec.isTrainable ? .weight : .frozen,
        shape: spec.shape, initialValue: nil, weight: index, kernel: spec.kernel, orthonormal: spec.orthonormal)
    }
  }
  /// The same weight at another rank.
  func at(_ rank: Dimension) -> WeightForm { WeightForm(index: index, plan: plan, span: span, rank: rank, isTrained: isTrained) }

  /// Adds an argument for each parameter.
  func arguments(in builder: inout Builder) -> [Value] {
    parameters.map { builder.argument($0.name, role: $0.role, .f32($0.shape)) }
  }
}

/// What one phase holds: weights in their forms, rank symbols and the list of tensors.
struct PhaseLayout: Sendable {
  let program: CheckedProgram
  let phase: Phase
  private(set) var weights: [WeightForm] = []
  private(set) var symbolInfos: [SymbolInfo] = []
  private(set) var symbols: [Int: Symbol] = [:]
  /// Weights, frozen parameters and vectors in network order.
  private(set) var parameters: [TensorInfo] = []
  private(set) var buffers: [TensorInfo] = []
  /// The counters of the step, and that of each weight and vector by its name whatever its form.
  private(set) var counters: [UpdateCounter] = []
  private var counterOf: [String: UpdateCounter] = [:]

  init(program: CheckedProgram, phase: Phase) throws(IRError) {
    self.program = program
    self.phase = phase
    for (index, plan) in program.weights.enumerated() { weights.append(try makeWeight(index, plan)) }
    for index in program.network.nodes.indices { try addTensors(ofNode: index) }
    let owners = trained.map(owner)
    counterOf = UpdateHistory(program).counters(owners, in: phase.index)
    for counter in owners.compactMap({ counterOf[$0] }) where !counters.contains(counter) { counters.append(counter) }
  }

  /// The weight a tensor belongs to, or the vector that it is.
  private func owner(_ tensor: TensorInfo) -> String { tensor.weight.map { weights[$0].plan.name } ?? tensor.name }

  /// The counter of a trained tensor.
  func counter(of tensor: TensorInfo) throws(IRError) -> UpdateCounter {
    guard let counter = counterOf[owner(tensor)] else { throw IRError("\(tensor.name) has no counter of updates") }
    return counter
  }

  private mutating func makeWeight(_ index: Int, _ plan: WeightPlan) throws(IRError) -> WeightForm {
    guard phase.forms.indices.contains(index), plan.spans.indices.contains(phase.forms[index]) else {
      throw IRError("phase \(phase.index) has no form for \(plan.name)")
    }
    let span = plan.spans[phase.forms[index]]
    let isTrained = phase.trainable.contains(plan.name)
    guard span.form.rank != nil else { return WeightForm(index: index, plan: plan, span: span, rank: 0, isTrained: isTrained) }
    let symbol = Symbol(symbolInfos.count)
    symbolInfos.append(SymbolInfo(name: plan.name, bounds: span.rankBounds))
    symbols[index] = symbol
    return WeightForm(index: index, plan: plan, span: span, rank: Dimension(symbol), isTrained: isTrained)
  }

  private mutating func addTensors(ofNode index: Int) throws(IRError) {
    let node = program.network.nodes[index]
    let inputs = node.inputs.map(program.network.shape)
    for parameter in node.layer.parameters(inputs) {
      switch parameter.kind {
      case .matrix: parameters += try weight(parameter.name, ofNode: index).parameters
      case .vector(let length):
        let name = "\(node.savedName).\(parameter.name)"
        let role: Role = phase.trainable.contains(name) ? .weight : .frozen
        parameters.append(TensorInfo(name: name, role: role, shape: [Dimension(length)], initialValue: nil, weight: nil))
      }
    }
    for buffer in node.layer.buffers(inputs) {
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
  /// The slots of every trained tensor.
  var state: [TensorInfo] {
    trained.flatMap { tensor in
      phase.update.slots.map { slot in
        TensorInfo(name: "\(tensor.name)/\(slot.name)", role: .state, shape: tensor.shape, initialValue: 0, weight: tensor.weight)
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
