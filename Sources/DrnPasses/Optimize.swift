import DrnIR
import DrnKernels

/// The fast form of a module whose ranks are numbers: simplified, products ordered, elementwise work fused, operations scheduled, and
/// nothing kept that the roots do not need.
///
/// Throws where the module has symbolic types, where it breaks a rule of the verifier, and, in debug builds, where a pass does.
public func optimize(_ module: Module, roots: [String], machine: MachineModel = .compiledFor) throws(IRError) -> Module {
  try run(passes(roots: roots, machine: machine), on: module)
}

/// The form of a module whose ranks are numbers in which it can be told to another system: simplified, products ordered, convolutions formed;
/// nothing fused, and nothing arranged for the kernels of drnc.
///
/// With several devices products are ordered by the rows that one of them has; see `BatchDivision`. Throws where the module has symbolic types, or
/// where an operation is left that `PortableRule` refuses.
public func makePortable(
  _ module: Module, roots: [String], machine: MachineModel = .compiledFor, devices: Int = 1
) throws(IRError) -> Module {
  let passes = portablePasses(roots: roots, machine: machine, devices: devices)
  let result = try eliminateDeadCode(try run(passes, on: module), roots: roots)
  try requirePortable(result)
  return result
}

/// The module after some passes, one after the other; in debug builds each is held to the rules of the verifier.
private func run(_ passes: [Pass], on module: Module) throws(IRError) -> Module {
  guard module.isConcrete else { throw IRError("@\(module.name) has rank symbols; give them numbers before optimizing") }
  try requireVerified(module, after: "specialization")
  var result = module
  for pass in passes {
    result = try pass.run(result)
    #if DEBUG
      try requireVerified(result, after: pass.name)
    #endif
  }
  return result
}

/// A named step.
struct Pass {
  let name: String
  let run: (Module) throws(IRError) -> Module
}

/// The steps of `optimize` in order.
func passes(roots: [String], machine: MachineModel) -> [Pass] {
  let removal = Pass(name: "dead code") { module throws(IRError) in try eliminateDeadCode(module, roots: roots) }
  return portablePasses(roots: roots, machine: machine) + [
    Pass(name: "joined products", run: joinProducts), Pass(name: "fusion", run: fuse),
    Pass(name: "deferred normalization", run: deferNormalizations),
    Pass(name: "scheduling", run: schedule), removal,
  ]
}

/// Those after which a module is portable.
private func portablePasses(roots: [String], machine: MachineModel, devices: Int = 1) -> [Pass] {
  let removal = Pass(name: "dead code") { module throws(IRError) in try eliminateDeadCode(module, roots: roots) }
  let simplification = Pass(name: "simplification", run: simplify)
  let contraction = Pass(name: "contraction order") { module throws(IRError) in
    try chooseContractionOrder(module, machine: machine, devices: devices)
  }
  return [
    removal, simplification, Pass(name: "joined blocks", run: joinBlocks), contraction, simplification,
    Pass(name: "convolutions", run: formConvolutions), simplification,
  ]
}
