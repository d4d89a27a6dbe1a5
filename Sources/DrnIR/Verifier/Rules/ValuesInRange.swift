struct ValuesInRangeRule: VerifierRule {
  let id = "values-in-range"
  let summary = "Operands, results and ports are entries of their function's value table."

  func check(_ module: Module) -> [VerifierFinding] {
    let operations = eachOperation(module) { operation, function in
      (operation.operands + operation.results).filter { !function.contains($0) }.map { "there is no value \($0.index)" }
    }
    let ports = module.functions.flatMap { function in
      (function.arguments + function.results).filter { !function.contains($0.value) }
        .map { finding("'\($0.name)' is value \($0.value.index), which does not exist", function) }
    }
    return operations + ports
  }
}
