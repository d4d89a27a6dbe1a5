struct InferredTypesRule: VerifierRule {
  let id = "inferred-types"
  let summary = "The types of an operation's results are those its op infers."

  func check(_ module: Module) -> [VerifierFinding] {
    eachOperation(module) { operation, function in
      // Operations that break an earlier rule are reported there; inference only sees well-formed ones.
      guard formProblem(of: operation) == nil, (operation.operands + operation.results).allSatisfy(function.contains) else { return [] }
      let types = operation.results.map { function.type(of: $0) }
      do throws(IRError) {
        let inferred = try inferTypes(of: operation, in: function, module)
        return inferred == types ? [] : ["results are \(list(types)) where \(list(inferred)) is inferred"]
      } catch { return [error.message] }
    }
  }

  private func list(_ types: [TensorType]) -> String { types.isEmpty ? "none" : types.map { print($0) }.joined(separator: ", ") }
}
