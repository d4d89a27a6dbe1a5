struct CallsRule: VerifierRule {
  let id = "calls"
  let summary = "Functions named by operations exist, and none reaches itself through them."

  func check(_ module: Module) -> [VerifierFinding] {
    let names = Set(module.functions.map(\.name))
    let missing = eachOperation(module) { operation, _ in
      calledFunctions(operation).filter { !names.contains($0) }.map { "there is no function @\($0)" }
    }
    return missing + module.functions.filter { reaches($0.name, from: $0, module) }.map { finding("the function calls itself", $0) }
  }

  private func reaches(_ name: String, from start: Function, _ module: Module) -> Bool {
    var seen: Set<String> = []
    var pending = start.operations.flatMap(calledFunctions)
    while let next = pending.popLast() {
      if next == name { return true }
      guard seen.insert(next).inserted, let function = module.function(next) else { continue }
      pending += function.operations.flatMap(calledFunctions)
    }
    return false
  }
}
