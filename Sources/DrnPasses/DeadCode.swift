import DrnIR

/// The module without operations that nothing uses, and without functions that neither a root nor a kept function names.
///
/// An operation stays when any of its results is used. Values are renumbered in definition order. Throws where a root does
/// not exist.
public func eliminateDeadCode(_ module: Module, roots: [String]) throws(IRError) -> Module {
  for root in roots where module.function(root) == nil { throw IRError("@\(module.name) has no function @\(root)") }
  let live = try module.mapFunctions { function throws(IRError) in try eliminateDeadCode(function, in: module) }
  var reached = Set(roots)
  var pending = roots
  while let name = pending.popLast() {
    guard let function = live.function(name) else { continue }
    for called in function.operations.flatMap(\.calledFunctions) where reached.insert(called).inserted { pending.append(called) }
  }
  var result = live
  result.functions.removeAll { !reached.contains($0.name) }
  return result
}

/// The function without operations that nothing uses.
func eliminateDeadCode(_ function: Function, in module: Module) throws(IRError) -> Function {
  var used = Set(function.results.map(\.value))
  var kept: [Operation] = []
  for operation in function.operations.reversed() where operation.results.contains(where: used.contains) {
    used.formUnion(operation.operands)
    kept.append(operation)
  }
  var rewriter = FunctionRewriter(function, in: module)
  for operation in kept.reversed() { try rewriter.copy(operation) }
  return try rewriter.finish()
}

extension Operation {
  /// The functions the operation names.
  var calledFunctions: [String] {
    attributes.entries.compactMap { if case .function(let name) = $0.value { name } else { nil } }
  }
}
