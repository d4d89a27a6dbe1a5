import DrnIR

/// An update of the form w = w - rate * direction(g, state), tensor by tensor: what can stand inside another update.
protocol DirectionalUpdate: Update {
  var decayPlace: DecayPlace { get }
  /// The direction for one tensor from its gradient, with the new content of its slots; nothing is set yet.
  func direction(_ gradient: Value, _ tensor: MovedTensor, _ step: inout StepContext) throws(IRError) -> Direction
}

/// Where weight decay enters.
enum DecayPlace {
  /// decay * w is added to the gradient before the direction is taken.
  case gradient
  /// decay * w is added to the direction.
  case direction
  /// The update adds it where its rule says.
  case own
}

/// One tensor on its way: what a direction is taken from.
struct MovedTensor {
  let name: String
  let value: Value
  /// The coefficient of weight decay; 0 for none.
  let decay: Double
  /// The updates since the tensor's state last began, this one included: a scalar, f32.
  let updates: Value
}

/// A direction and the state after it.
struct Direction {
  let step: Value
  let slots: [NamedSlot]
}

/// The new content of one slot.
struct NamedSlot {
  let name: String
  let value: Value
  init(_ name: String, _ value: Value) {
    self.name = name
    self.value = value
  }
}

extension DirectionalUpdate {
  public var decouplesDecay: Bool { decayPlace == .direction }
  public var gradientEvaluations: Int { 1 }
  public func begin(_ part: UpdatedPart, _ step: inout StepContext) throws(IRError) -> any PartUpdate {
    OneGradient(update: self, part: part)
  }
  /// The direction with weight decay where the update wants it; sets the slots.
  func decayedDirection(_ gradient: Value, _ tensor: MovedTensor, _ step: inout StepContext) throws(IRError) -> Value {
    let decayed = decayPlace == .gradient ? try step.addingDecay(of: tensor, to: gradient) : gradient
    let direction = try direction(decayed, tensor, &step)
    for slot in direction.slots { step.set("\(tensor.name)/\(slot.name)", to: slot.value) }
    return decayPlace == .direction ? try step.addingDecay(of: tensor, to: direction.step) : direction.step
  }
  /// Steps one tensor from its own value and sets its slots.
  func apply(_ gradient: Value, to tensor: MovedTensor, _ step: inout StepContext) throws(IRError) {
    let direction = try decayedDirection(gradient, tensor, &step)
    step.set(tensor.name, to: try step.moved(tensor.value, along: direction, by: try step.rate()))
  }
}

/// One evaluation at the weights, then one step of each tensor.
private struct OneGradient: PartUpdate {
  let update: any DirectionalUpdate
  let part: UpdatedPart

  func stand(_ evaluation: Int, _ step: inout StepContext) throws(IRError) -> [[Value]] { [try step.values(of: part)] }
  func absorb(_ gradients: PartGradients, _ evaluation: Int, _ step: inout StepContext) throws(IRError) {
    for (tensor, gradient) in zip(part.moved, gradients.mean) {
      try update.apply(gradient, to: try step.tensor(tensor, of: part), &step)
    }
  }
}

extension StepContext {
  /// The values of a part's tensors at the beginning of the step, moved or not.
  func values(of part: UpdatedPart) throws(IRError) -> [Value] {
    var found: [Value] = []
    for tensor in part.tensors { found.append(try value(tensor.name)) }
    return found
  }
  /// A tensor of a part at the beginning of the step.
  func tensor(_ tensor: UpdatedPart.Tensor, of part: UpdatedPart) throws(IRError) -> MovedTensor {
    MovedTensor(name: tensor.name, value: try value(tensor.name), decay: tensor.decay, updates: try updates(of: part))
  }
  /// The current content of a slot.
  func slot(_ name: String, of tensor: MovedTensor) throws(IRError) -> Value { try value("\(tensor.name)/\(name)") }
  /// beta old + (1 - beta) new.
  mutating func average(_ old: Value, _ new: Value, _ beta: Double) throws(IRError) -> Value {
    try builder.add(try builder.scale(old, by: beta), try builder.scale(new, by: 1 - beta))
  }
  /// w - length * direction.
  mutating func moved(_ value: Value, along direction: Value, by length: Value) throws(IRError) -> Value {
    try builder.subtract(value, try builder.multiply(direction, length))
  }
  /// The gradient of the loss plus decay / 2 times the squared norm of the tensor.
  mutating func addingDecay(of tensor: MovedTensor, to gradient: Value) throws(IRError) -> Value {
    tensor.decay == 0 ? gradient : try builder.add(gradient, try builder.scale(tensor.value, by: tensor.decay))
  }
}
