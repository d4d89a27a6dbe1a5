import DrnIR

/// The module with elementwise operations of one shape joined into `map`s, as epilogues into the `matmul`s and normalizations that feed
/// them, and as prologues into the gradients of normalizations that they feed.
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
    if members.count == 1, !readsInPlace(members[0]) { return try rewriter.copy(rewriter.source.operations[members[0]]) }
    let elementwise = members.filter(groups.graph.isFusable)
    let host = try members.first { !groups.graph.isFusable($0) }.map { (index) throws(IRError) in try self.host(index, elementwise) }

    let body = try FusedBody(elementwise, host: host, in: groups.graph, module: bodies.module)
    let name = bodies.name(body.function) { body.named($0, in: rewriter.source) }
    rewriter.extend(bodies.module)
    rewriter.builder.location = members.last.flatMap { rewriter.source.operations[$0].location }
    let kinds = AttributeValue.integers(body.operands.map(\.kind.rawValue))
    let operands = try rewriter.values(body.operands.map(\.value))
    switch host {
    case .epilogue(let element, _):
      guard let operation = groups.graph.producer(element).map({ rewriter.source.operations[$0] }) else { return }
      let results = try emit(operation, operation.operands, "epilogue", name, operands, kinds)
      rewriter.replace(body.results + operation.results.dropFirst(), by: results)
    case .prologue(let element, _, let index):
      let operation = rewriter.source.operations[index]
      let results = try emit(operation, [element] + operation.operands.dropFirst(), "prologue", name, operands, kinds)
      rewriter.replace(operation.results + body.results, by: results)
    case nil:
      var attributes: Attributes = ["body": .function(name), "kinds": kinds]
      if !body.operands.contains(where: { $0.kind == .full }) { attributes["shape"] = .dimensions(groups.graph.shape(members[0])) }
      rewriter.replace(body.results, by: try rewriter.builder.emit(.map, operands, attributes))
    }
  }

  /// How an operation that is not elementwise itself runs the members of its group.
  private func host(_ index: Int, _ members: [Int]) throws(IRError) -> FusedBody.Host {
    let operation = rewriter.source.operations[index]
    if let element = groups.graph.epilogueElement(operation) {
      return .epilogue(element: element, name: operation.opcode == .matmul ? "product" : "normalized")
    }
    guard let element = groups.graph.firstFullInput(of: members), let fed = operation.operands.first else {
      throw IRError("\(operation.opcode.mnemonic) cannot run elementwise operations", location: operation.location)
    }
    return .prologue(element: element, feeds: fed, host: index)
  }

  /// Emits the operation on `own` values of the source, with a scalar function of one of its elements and the extra operands.
  private mutating func emit(
    _ operation: Operation, _ own: [Value], _ attribute: String, _ body: String, _ extras: [Value], _ kinds: AttributeValue
  ) throws(IRError) -> [Value] {
    var attributes = operation.attributes
    attributes[attribute] = .function(body)
    attributes["kinds"] = kinds
    return try rewriter.builder.emit(operation.opcode, try rewriter.values(own) + extras, attributes)
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
