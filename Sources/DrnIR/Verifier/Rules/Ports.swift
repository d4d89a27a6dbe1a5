struct PortsRule: VerifierRule {
  let id = "ports"
  let summary = "Arguments have different names, and so have results."

  func check(_ module: Module) -> [VerifierFinding] {
    module.functions.flatMap { function in
      repeated(function.arguments).map { finding("two arguments are named '\($0)'", function) }
        + repeated(function.results).map { finding("two results are named '\($0)'", function) }
    }
  }

  private func repeated(_ ports: [Port]) -> [String] {
    var seen: Set<String> = []
    return ports.map(\.name).filter { !seen.insert($0).inserted }
  }
}
