import DrnIR

/// An update of the form w = w - rate * direction(g, state): what can stand inside another update.
protocol DirectionalUpdate: Update {
  /// The direction for one tensor from its gradient, with the new content of its slots; nothing is set yet.
  func direction(_ gradient: Value, _ weight: StepContext.Trainable, _ step: inout StepContext) throws(IRError) -> Direction
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
  /// One gradient evaluation at the weights, then one step of each tensor.
  func emitFromOneGradient(_ step: inout StepContext) throws(IRError) {
    let gradients = try step.gradients()
    for (weight, gradient) in zip(step.weights, gradients) { try apply(gradient, to: weight, &step) }
  }
  /// Steps one tensor from its own value and sets its slots.
  func apply(_ gradient: Value, to weight: StepContext.Trainable, _ step: inout StepContext) throws(IRError) {
    let direction = try direction(gradient, weight, &step)
    step.set(weight, to: try step.moved(weight, along: direction.step, by: step.rate))
    for slot in direction.slots { step.setSlot(slot.name, of: weight, to: slot.value) }
  }
}

extension StepContext {
  /// w - length * direction.
  mutating func moved(_ weight: Trainable, along direction: Value, by length: Value) throws(IRError) -> Value {
    try builder.subtract(weight.value, try builder.multiply(direction, length))
  }
  /// The gradient of the loss plus decay / 2 times the squared norm of the tensor.
  mutating func addingDecay(of weight: Trainable, to gradient: Value) throws(IRError) -> Value {
    weight.decay == 0 ? gradient : try builder.add(gradient, try builder.scale(weight.value, by: weight.decay))
  }
}
