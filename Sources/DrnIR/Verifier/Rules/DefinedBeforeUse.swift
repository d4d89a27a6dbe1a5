struct DefinedBeforeUseRule: VerifierRule {
  let id = "defined-before-use"
  let summary = "Operands are arguments or results of operations above; results of a function are defined in it."

  func check(_ module: Module) -> [VerifierFinding] {
    module.functions.flatMap { function in
      var defined = Set(function.arguments.map(\.value))
      var findings: [VerifierFinding] = []
      for (index, operation) in function.operations.enumerated() {
        for operand in operation.operands where !defined.contains(operand) {
          findings.append(finding("\(operation.opcode.mnemonic): value \(operand.index) is not defined yet", function, operation: index))
        }
        defined.formUnion(operation.results)
      }
      return findings
        + function.results.filter { !defined.contains($0.value) }.map { finding("the result '\($0.name)' is never defined", function) }
    }
  }
}
