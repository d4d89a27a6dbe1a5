/// What is wrong with the number of operands or the attributes of an operation; `nil` when inference may run.
func formProblem(of operation: Operation) -> String? { arityProblem(of: operation) ?? attributeProblems(of: operation).first }

func arityProblem(of operation: Operation) -> String? {
  let arity = operation.opcode.spec.arity
  return arity.allows(operation.operands.count) ? nil : "takes \(arity.text) operands, not \(operation.operands.count)"
}

func attributeProblems(of operation: Operation) -> [String] {
  let specs = operation.opcode.spec.attributes
  let missing = specs.filter { $0.required && operation.attributes[$0.name] == nil }.map { "the attribute '\($0.name)' is missing" }
  let wrong = operation.attributes.entries.compactMap { entry -> String? in
    guard let spec = specs.first(where: { $0.name == entry.name }) else { return "there is no attribute '\(entry.name)'" }
    guard entry.value.kindName != spec.kind.kindName else { return nil }
    return "the attribute '\(entry.name)' holds \(entry.value.kindName) where \(spec.kind.kindName) is needed"
  }
  return missing + wrong
}

/// What the operation's specification infers from its operands, whose values must be in range.
func inferTypes(of operation: Operation, in function: Function, _ module: Module) throws(IRError) -> [TensorType] {
  try operation.opcode.spec.infer(
    InferenceRequest(
      operands: operation.operands.map { function.type(of: $0) }, attributes: operation.attributes, function: { module.function($0) }))
}

/// The functions an operation names.
func calledFunctions(_ operation: Operation) -> [String] {
  operation.attributes.entries.compactMap { if case .function(let name) = $0.value { name } else { nil } }
}
