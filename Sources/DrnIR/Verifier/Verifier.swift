/// The rules of the verifier, in the order in which they report.
///
/// Not checked: whether numbers come out as intended (that is the business of the reference interpreter and of finite differences);
/// whether a gradient or a fused body computes what it replaced; whether bounds of rank symbols suffice for every slice; whether
/// memory suffices (the plan checker); whether two arguments of the step are meant to be the same weight; whether operations without
/// a use are left over (dead code is legal); locations.
public let verifierRules: [any VerifierRule] = [
  UniqueFunctionsRule(), SymbolsRule(), ValuesInRangeRule(), DefinedOnceRule(), DefinedBeforeUseRule(), ArityRule(), AttributesRule(),
  ExtentsRule(), CallsRule(), BodiesRule(), InferredTypesRule(), PortsRule(), DonationRule(), FrozenRule(),
]

/// Checks a module by every rule and collects all findings; empty for a sound module. Never traps, whatever the module holds.
public func verify(_ module: Module) -> [VerifierFinding] { verifierRules.flatMap { $0.check(module) } }

/// Throws the first finding as an error.
public func requireVerified(_ module: Module, after stage: String) throws(IRError) {
  guard let finding = verify(module).first else { return }
  let operation = finding.operation.flatMap { index in
    finding.function.flatMap { module.function($0) }.flatMap { $0.operations.indices.contains(index) ? $0.operations[index] : nil }
  }
  throw IRError("after \(stage): \(finding)", location: operation?.location)
}
