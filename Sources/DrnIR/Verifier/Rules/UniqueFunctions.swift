struct UniqueFunctionsRule: VerifierRule {
  let id = "unique-functions"
  let summary = "Every function of a module has a name of its own."

  func check(_ module: Module) -> [VerifierFinding] {
    var seen: Set<String> = []
    return module.functions.compactMap { seen.insert($0.name).inserted ? nil : finding("another function has this name", $0) }
  }
}
