struct FrozenRule: VerifierRule {
  let id = "frozen"
  let summary = "No result replaces a frozen argument, except in transitions, events and initial values."

  func check(_ module: Module) -> [VerifierFinding] {
    module.functions.flatMap { function -> [VerifierFinding] in
      if function.changesForms { return [] }
      return function.arguments.filter { $0.role == .frozen && function.result($0.name) != nil }
        .map { finding("'\($0.name)' is frozen but a result replaces it", function) }
    }
  }
}
