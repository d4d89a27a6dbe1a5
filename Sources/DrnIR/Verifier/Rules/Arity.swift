struct ArityRule: VerifierRule {
  let id = "arity"
  let summary = "Every operation has as many operands as its op takes."

  func check(_ module: Module) -> [VerifierFinding] {
    eachOperation(module) { operation, _ in arityProblem(of: operation).map { [$0] } ?? [] }
  }
}
