import DrnIR

/// The scalar function of a group of elementwise operations, and what it is applied to.
struct FusedBody {
  /// Without a name of its own and with numbered arguments, so that equal bodies are equal.
  let function: Function
  /// Values of the outer function with their kinds, one for each argument after the host's element.
  let operands: [(value: Value, kind: OperandKind)]
  /// Values of the outer function that the results stand for; all but the first for a prologue, whose first goes to its host.
  let results: [Value]

  /// The operation that runs the body beside its own work.
  enum Host {
    /// The body starts with this element of the host's result.
    case epilogue(element: Value, name: String)
    /// The body starts with an element of the first value and gives the host, an operation of that index, the second.
    case prologue(element: Value, feeds: Value, host: Int)
  }

  /// `members` are the elementwise operations of the group.
  init(_ members: [Int], host: Host?, in graph: FusionGraph, module: Module) throws(IRError) {
    let operations = members.map { graph.function.operations[$0] }
    let shape = operations.first.map { graph.function.type(of: $0.results[0]).shape } ?? []
    let inside = Set(operations.flatMap(\.results))
    var builder = Builder(function: "", in: module)
    var values: [FusionInput: Value] = [:]
    switch host {
    case .epilogue(let element, let name): values[.value(element, .full)] = builder.argument(name, role: .plain, .scalar)
    case .prologue(let element, _, _): values[.value(element, .full)] = builder.argument("element", role: .plain, .scalar)
    case nil: break
    }

    var operands: [(value: Value, kind: OperandKind)] = []
    for operand in operations.flatMap(\.operands) where !inside.contains(operand) {
      let input = graph.input(operand, shape: shape)
      guard case .value(let value, let kind) = input, values[input] == nil else { continue }
      values[input] = builder.argument("x\(operands.count)", role: .plain, .scalar)
      operands.append((value, kind))
    }
    for operation in operations {
      var scalars: [Value] = []
      for operand in operation.operands {
        let input = inside.contains(operand) ? .value(operand, .full) : graph.input(operand, shape: shape)
        if case .number(let bits) = input, values[input] == nil { values[input] = try builder.constant(Double(bitPattern: bits)) }
        guard let scalar = values[input] else { throw IRError("value \(operand.index) is not computed in its group") }
        scalars.append(scalar)
      }
      values[.value(operation.results[0], .full)] = try builder.emitOne(operation.opcode, scalars, operation.attributes)
    }

    var own = Set(members)
    var first: [Value] = []
    if case .prologue(_, let feeds, let host) = host {
      own.insert(host)
      first = [feeds]
    }
    let kept = operations.flatMap(\.results).filter { result in
      graph.isResult(result) || graph.readers(of: result).contains { !own.contains($0) }
    }
    for (number, result) in (first + kept).enumerated() {
      guard let value = values[.value(result, .full)] else { continue }
      builder.result("y\(number)", role: .plain, value)
    }
    function = builder.function
    self.operands = operands
    results = kept
  }
}
