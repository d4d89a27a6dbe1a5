struct DefinedOnceRule: VerifierRule {
  let id = "defined-once"
  let summary = "A value is one argument or one result of one operation."

  func check(_ module: Module) -> [VerifierFinding] {
    module.functions.flatMap { function in
      var defined: Set<Value> = []
      var findings = function.arguments.filter { !defined.insert($0.value).inserted }
        .map { finding("the argument '\($0.name)' shares its value with another", function) }
      for (index, operation) in function.operations.enumerated() {
        for result in operation.results where !defined.insert(result).inserted {
          findings.append(finding("\(operation.opcode.mnemonic): value \(result.index) is defined before", function, operation: index))
        }
      }
      return findings
    }
  }
}
