/// What is wrong with the number of operands or the attributes of an operation; `nil` when inference may run.
func formProblem(of operation: Operation) -> String? { arityProblem(of: operation) ?? attributeProblems(of: operation).first }

func arityProblem(of operation: Operation) -> String? {
  let count = operation.operands.count
  switch operation.opcode.spec.arity {
  case .exactly(let expected): return count == expected ? nil : "takes \(expected) operands, not \(count)"
  case .atLeast(let least): return count >= least ? nil : "takes at least \(least) operands, not \(count)"
  case .between(let least, let most): return count >= least && count <= most ? nil : "takes \(least) to \(most) operands, not \(count)"
  }
}

func attributeProblems(of operation: Operation) -> [String] {
  let specs = operation.opcode.spec.attributes
  let missing = specs.filter { $0.required && operation.attributes[$0.name] == nil }.map { "the attribute '\($0.name)' is missing" }
  let wrong = operation.attributes.entries.compactMap { entry -> String? in
    guard let spec = specs.first(where: { $0.name == entry.name }) else { return "there is no attribute '\(entry.name)'" }
    return entry.value.kind == spec.kind.kind ? nil : "the attribute '\(entry.name)' is \(spec.kind.kind), not \(entry.value.kind)"
  }
  return missing + wrong
}

/// What the operation's specification infers from its operands, whose values must be in range.
func inferTypes(of operation: Operation, in function: Function, _ module: Module) throws(IRError) -> [TensorType] {
  try operation.opcode.spec.infer(
    InferenceRequest(
      operands: operation.operands.map { function.type(of: $0) }, attributes: operation.attributes, function: { module.function($0) }))
}

extension AttributeValue {
  /// The kind of value, as messages call it.
  var kind: String {
    switch self {
    case .integer: "a whole number"
    case .number: "a number"
    case .boolean: "true or false"
    case .string: "a string"
    case .integers: "a list of whole numbers"
    case .booleans: "a list of true and false"
    case .dimensions: "a shape"
    case .function: "a function"
    }
  }
}

/// The functions an operation names.
func calledFunctions(_ operation: Operation) -> [String] {
  operation.attributes.entries.compactMap { if case .function(let name) = $0.value { name } else { nil } }
}
