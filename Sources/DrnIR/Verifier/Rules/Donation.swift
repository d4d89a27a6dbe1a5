struct DonationRule: VerifierRule {
  let id = "donation"
  let summary = "A result that replaces an argument has its type and role, except in transitions, events and initial values."

  func check(_ module: Module) -> [VerifierFinding] {
    module.functions.flatMap { function -> [VerifierFinding] in
      if function.changesForms { return [] }
      return function.results.compactMap { result in
        guard let argument = function.argument(result.name), argument.role != .plain || result.role != .plain else { return nil }
        guard let old = function.knownType(of: argument.value), let new = function.knownType(of: result.value) else { return nil }
        if old != new { return finding("'\(result.name)' is \(print(old)) but is replaced by \(print(new))", function) }
        if argument.role == result.role || argument.role == .frozen { return nil }
        return finding("'\(result.name)' is a \(argument.role.rawValue) but its replacement is a \(result.role.rawValue)", function)
      }
    }
  }
}
