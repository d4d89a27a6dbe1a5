/// The gradients of `sum of cotangent * output` by the values `wrt`, over the operations built from index `firstOperation` on: a
/// vector-Jacobian product by reverse accumulation (Griewank and Walther, "Evaluating Derivatives", section 3.2).
///
/// `cotangents` has one value per output, of the output's type. The result has one value per entry of `wrt`, of that value's type; a
/// zero constant where the outputs do not depend on it. Operations before `firstOperation` count as independent of `wrt`. Contributions
/// to one value are added from the last use to the first. Throws where a dependence passes through an op without a gradient.
public func pullBack(
  of outputs: [Value], cotangents: [Value], wrt: [Value], in builder: inout Builder, from firstOperation: Int
) throws(IRError) -> [Value] {
  guard outputs.count == cotangents.count else {
    throw IRError("\(outputs.count) outputs are given with \(cotangents.count) cotangents")
  }
  let operations = Array(builder.function.operations.dropFirst(max(firstOperation, 0)))
  var accumulation = ReverseAccumulation(dependents: dependents(on: wrt, in: operations))
  for (output, cotangent) in zip(outputs, cotangents) {
    try accumulation.add(cotangent, to: output, in: &builder)
  }
  let location = builder.location
  for operation in operations.reversed() {
    builder.location = operation.location ?? location
    try accumulation.pass(operation, in: &builder)
  }
  builder.location = location
  return try accumulation.gradients(of: wrt, in: &builder)
}

/// The values that depend smoothly on the given ones, these included.
private func dependents(on values: [Value], in operations: [Operation]) -> Set<Value> {
  var found = Set(values)
  for operation in operations where operation.operands.contains(where: found.contains) {
    switch operation.opcode.spec.gradient {
    case .zero: continue
    case .rule, .undefined: found.formUnion(operation.results)
    }
  }
  return found
}

/// The gradients collected so far while operations are passed from the last to the first.
private struct ReverseAccumulation {
  let dependents: Set<Value>
  var sums: [Value: Value] = [:]

  init(dependents: Set<Value>) { self.dependents = dependents }

  /// Adds one contribution to the gradient of a value.
  mutating func add(_ contribution: Value, to value: Value, in builder: inout Builder) throws(IRError) {
    // What has been narrowed has a gradient in single precision.
    let (given, needed) = (builder.type(of: contribution), TensorType.f32(builder.type(of: value).shape))
    guard given == needed else { throw IRError("a gradient is \(given.message) for a value \(needed.message)") }
    guard dependents.contains(value) else { return }
    if let sum = sums[value] { sums[value] = try builder.add(sum, contribution) } else { sums[value] = contribution }
  }

  /// Passes the gradients of an operation's results on to its operands.
  mutating func pass(_ operation: Operation, in builder: inout Builder) throws(IRError) {
    let wanted = operation.operands.map(dependents.contains)
    let gradients = operation.results.map { sums[$0] }
    guard wanted.contains(true), gradients.contains(where: { $0 != nil }) else { return }
    let name = operation.opcode.mnemonic
    switch operation.opcode.spec.gradient {
    case .zero: return
    case .undefined(let reason): throw IRError("\(name) has no gradient: \(reason)", location: operation.location)
    case .rule(let rule):
      let request = GradientRequest(operation: operation, resultGradients: gradients, wanted: wanted)
      let contributions = try rule(&builder, request)
      guard contributions.count == wanted.count else {
        throw IRError("\(name) has \(wanted.count) operands and \(contributions.count) gradients", location: operation.location)
      }
      for index in wanted.indices where wanted[index] {
        if let contribution = contributions[index] { try add(contribution, to: operation.operands[index], in: &builder) }
      }
    }
  }

  /// The sums for the given values; zeros where nothing was collected.
  func gradients(of values: [Value], in builder: inout Builder) throws(IRError) -> [Value] {
    var gradients: [Value] = []
    for value in values {
      let type = builder.type(of: value)
      guard type.element == .f32 else { throw IRError("a value of type \(type.message) has no gradient; f32 is needed") }
      if let sum = sums[value] { gradients.append(sum) } else { gradients.append(try builder.constant(0, shape: type.shape)) }
    }
    return gradients
  }
}
