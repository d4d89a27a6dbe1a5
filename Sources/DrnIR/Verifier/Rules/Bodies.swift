struct BodiesRule: VerifierRule {
  let id = "bodies"
  let summary =
    "Bodies of map, epilogues and prologues hold elementwise operations on scalars, with one argument for each element they read."

  func check(_ module: Module) -> [VerifierFinding] {
    eachOperation(module) { operation, _ in
      let kinds = operation.attributes.integers("kinds") ?? []
      let kindProblems = kinds.allSatisfy { (0...3).contains($0) } ? [] : ["kinds are 0 to 3"]
      if operation.opcode == .map, let name = operation.attributes.function("body"), let body = module.function(name) {
        return kindProblems + problems(of: body, arguments: operation.operands.count)
          + (kinds.count == operation.operands.count ? [] : ["there is one kind for each operand"])
      }
      if let place = operation.opcode.fusedFunctionPlace, let name = operation.attributes.function(place.attribute),
        let body = module.function(name)
      {
        let extras = max(0, operation.operands.count - place.ownOperands)
        return kindProblems + problems(of: body, arguments: extras + 1)
          + (kinds.count == extras ? [] : ["there is one kind for each operand after the first \(place.ownOperands)"])
      }
      return []
    }
  }

  private func problems(of body: Function, arguments: Int) -> [String] {
    var problems: [String] = []
    if body.arguments.count != arguments { problems.append("@\(body.name) takes \(body.arguments.count) arguments, not \(arguments)") }
    if body.results.isEmpty { problems.append("@\(body.name) has no result") }
    if body.values.contains(where: { ![.scalar, TensorType(.bf16, [])].contains($0.type) }) {
      problems.append("@\(body.name) holds a value that is no scalar of f32 or bf16")
    }
    for operation in body.operations where !isAllowed(operation) {
      problems.append("@\(body.name) holds \(operation.opcode.mnemonic), which is not elementwise")
    }
    return problems
  }

  private func isAllowed(_ operation: Operation) -> Bool {
    operation.opcode == .constant || operation.opcode.isElementwise
  }
}
