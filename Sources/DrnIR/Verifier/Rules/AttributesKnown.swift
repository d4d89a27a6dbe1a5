struct AttributesRule: VerifierRule {
  let id = "attributes"
  let summary = "Attributes are those of the op, of the right kind, and none that is required is missing."

  func check(_ module: Module) -> [VerifierFinding] {
    eachOperation(module) { operation, _ in attributeProblems(of: operation) }
  }
}
