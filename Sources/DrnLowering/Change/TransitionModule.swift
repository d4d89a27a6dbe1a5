import DrnIR
import DrnMethods
import DrnNumbers
import DrnProgram

/// A change between two sets of tensors: a module that computes the new ones, and what becomes of the others.
public struct TransitionModule: Sendable {
  /// The one function, `transition`: old parameters and carried state of the affected weights, and `key`, to their new parameters
  /// and carried state. Outputs `truncation_error/<weight>`, and `momentum_residual/<weight>` where moments were fitted.
  public let module: Module
  /// Rank symbols of the old and new forms, by index into `CheckedProgram.weights`. A weight whose rank stays has the same symbol in both.
  public let oldSymbols: [Int: Symbol]
  /// The same for the new forms.
  public let newSymbols: [Int: Symbol]
  /// Indices of the weights that change.
  public let affected: [Int]
  /// Tensors that stay as they are.
  public let unchanged: [String]
  /// Tensors to create at their initial value; shapes in the symbols of the new phase's module.
  public let reset: [TensorInfo]
  /// Tensors that no longer exist.
  public let retired: [String]
  /// State tensors of which only the largest share stays, see `pruneToLargest`.
  public let pruned: [Pruning]

  /// A state tensor to prune after it was carried.
  public struct Pruning: Hashable, Sendable {
    /// The tensor of state.
    public let name: String
    /// The share of its entries that stays.
    public let keep: Rational
  }
}

/// One weight before and after.
struct WeightChange {
  let old: WeightForm
  let new: WeightForm
  let policy: StatePolicy
  /// Slots both sides keep with the same meaning, of those that can be carried.
  let slots: [SlotSpec]
  let direction: RankChange.Direction?

  /// Slots that are carried: none where the policy resets, or where either side is not trained.
  var carried: [SlotSpec] {
    guard !policy.startsAnew, old.isTrained, new.isTrained else { return [] }
    return slots
  }
  /// The names of the state tensors that the function computes.
  var carriedNames: [String] {
    new.parameters.filter { $0.role == .weight }.flatMap { tensor in carried.map { "\(tensor.name)/\($0.name)" } }
  }

  /// Adds arguments, the change and results to a function.
  func emit(key: Value, in builder: inout Builder) throws(IRError) {
    let values = old.arguments(in: &builder)
    let slots = carried.map { old.slotArguments($0, in: &builder) }
    let request = TransitionRequest(
      name: new.plan.name, shape: new.plan.shape, old: old.form, oldRank: old.rank, new: new.form, newRank: new.rank, direction: direction,
      parameters: values, slots: slots, key: key)
    let result = try emitTransition(request, in: &builder)
    let tensors = new.parameters
    for (tensor, value) in zip(tensors, result.parameters) { builder.result(tensor.name, role: tensor.role, value) }
    new.addResults(result.slots, to: &builder)
    builder.result(PortName.truncationError(new.plan.name), role: .output, result.truncationError)
    if let residual = result.momentResidual { builder.result(PortName.momentumResidual(new.plan.name), role: .output, residual) }
  }
}

extension WeightForm {
  /// A slot of all its moved tensors as arguments.
  func slotArguments(_ slot: SlotSpec, in builder: inout Builder) -> TransitionRequest.Slot {
    var content: [Int: Value] = [:]
    for (index, tensor) in parameters.enumerated() where tensor.role == .weight {
      content[index] = builder.argument("\(tensor.name)/\(slot.name)", role: .state, .f32(tensor.shape))
    }
    return TransitionRequest.Slot(slot, content: content)
  }

  /// Slots as results; returns their names.
  @discardableResult
  func addResults(_ slots: [TransitionRequest.Slot], to builder: inout Builder) -> [String] {
    var names: [String] = []
    for slot in slots {
      for (index, tensor) in parameters.enumerated() {
        guard let value = slot.content[index] else { continue }
        names.append("\(tensor.name)/\(slot.spec.name)")
        builder.result("\(tensor.name)/\(slot.spec.name)", role: .state, value)
      }
    }
    return names
  }
}
