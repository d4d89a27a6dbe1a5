import DrnIR

/// The module with elementwise operations of one shape joined into `map`s, and into the `matmul`s that feed them as epilogues.
///
/// Bodies are functions `@map0`, `@map1`, ... of the module; equal bodies are shared. Scalars, repeated vectors and constants are read in
/// place. An operation on its own stays as it is, and so does scalar arithmetic, which costs nothing beside tensors.
public func fuse(_ module: Module) throws(IRError) -> Module {
  var bodies = FusedBodies(module)
  var fused: [Function] = []
  for function in module.functions {
    var fusion = Fusion(function, bodies)
    fused.append(try fusion.run())
    bodies = fusion.bodies
  }
  var result = bodies.module
  for function in fused { result.set(function) }
  return result
}

/// The bodies made so far, as functions of the module.
private struct FusedBodies {
  private(set) var module: Module
  private var names: [Function: String] = [:]

  init(_ module: Module) { self.module = module }

  /// The name of an equal body, which is added when there is none.
  mutating func name(_ body: FusedBody, in outer: Function) -> String {
    if let name = names[body.function] { return name }
    let taken = Set(module.functions.map(\.name))
    let name = (names.count...(names.count + taken.count)).map { "map\($0)" }.first { !taken.contains($0) } ?? "map"
    names[body.function] = name
    module.functions.append(body.named(name, in: outer))
    return name
  }
}

/// Rewrites one function group by group.
private struct Fusion {
  private let groups: FusionGroups
  private var rewriter: FunctionRewriter
  private(set) var bodies: FusedBodies

  init(_ function: Function, _ bodies: FusedBodies) {
    groups = FusionGroups(function)
    rewriter = FunctionRewriter(function, in: bodies.module)
    self.bodies = bodies
  }

  mutating func run() throws(IRError) -> Function {
    for group in groups.order { try emit(groups.members[group]) }
    return try eliminateDeadCode(try rewriter.finish(), in: bodies.module)
  }

  private mutating func emit(_ members: [Int]) throws(IRError) {
    let operations = members.map { rewriter.source.operations[$0] }
    let matmul = members.count > 1 ? operations.first { $0.opcode == .matmul } : nil
    let elementwise = members.filter { rewriter.source.operations[$0].opcode != .matmul }
    if members.count == 1, !readsInPlace(members[0]) { return try rewriter.copy(operations[0]) }

    let body = try FusedBody(elementwise, product: matmul?.results[0], in: groups.graph, module: bodies.module)
    let name = bodies.name(body, in: rewriter.source)
    rewriter.extend(bodies.module)
    rewriter.builder.location = operations.last?.location
    let kinds = AttributeValue.integers(body.operands.map(\.kind.rawValue))
    let operands = try rewriter.values(body.operands.map(\.value))
    if let matmul {
      var attributes = matmul.attributes
      attributes["epilogue"] = .function(name)
      attributes["kinds"] = kinds
      rewriter.replace(body.results, by: try rewriter.builder.emit(.matmul, try rewriter.values(matmul.operands) + operands, attributes))
    } else {
      var attributes: Attributes = ["body": .function(name), "kinds": kinds]
      if !body.operands.contains(where: { $0.kind == .full }) { attributes["shape"] = .dimensions(groups.graph.shape(members[0])) }
      rewriter.replace(body.results, by: try rewriter.builder.emit(.map, operands, attributes))
    }
  }

  /// Whether a lone operation is worth a map: it reads a vector without repeating it in memory first.
  private func readsInPlace(_ index: Int) -> Bool {
    groups.graph.isFusable(index)
      && rewriter.source.operations[index].operands.contains { operand in
        guard groups.graph.definition(operand, .broadcast) != nil else { return false }
        return groups.graph.input(operand, shape: groups.graph.shape(index)) != .value(operand, .full)
      }
  }
}
