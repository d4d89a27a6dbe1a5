import DrnIR

/// The module with batch normalizations left to the convolutions that read them: these normalize the elements of x as they load them, so
/// that the normalized images, as large as x, are neither written nor kept for the backward pass.
///
/// A normalization is deferred where only convolutions, their gradients by the weight, and its own gradient's prologue read its result,
/// and where its epilogue is cheap enough to compute in each of them. Runs after fusion.
public func deferNormalizations(_ module: Module) throws(IRError) -> Module {
  var bodies = FusedBodies(module)
  var changed: [Function] = []
  for function in module.functions {
    guard function.operations.contains(where: { $0.opcode == .batchNorm }) else { continue }
    var deferral = Deferral(function, bodies)
    changed.append(try deferral.run())
    bodies = deferral.bodies
  }
  var result = bodies.module
  for function in changed { result.set(function) }
  return result
}

/// A normalization as its readers compute it.
private struct Deferred {
  /// Values of the new function.
  let x: Value
  let factors: [Value]
  let epilogue: Function?

  /// The normalized element.
  func apply(_ builder: inout Builder, _ element: Value, _ factors: [Value]) throws(IRError) -> Value {
    let scaled = try builder.emitOne(.multiply, [element, factors[0]])
    let normalized = try builder.emitOne(.add, [scaled, factors[1]])
    guard let epilogue else { return normalized }
    return try builder.inline(epilogue, [normalized])[0]
  }
}

private struct Deferral {
  private var rewriter: FunctionRewriter
  private let graph: DependenceGraph
  private let results: Set<Value>
  private(set) var bodies: FusedBodies
  /// By their result in the old function.
  private var deferred: [Value: Deferred] = [:]

  init(_ function: Function, _ bodies: FusedBodies) {
    rewriter = FunctionRewriter(function, in: bodies.module)
    graph = DependenceGraph(function)
    results = Set(function.results.map(\.value))
    self.bodies = bodies
  }

  mutating func run() throws(IRError) -> Function {
    for operation in rewriter.source.operations {
      rewriter.builder.location = operation.location
      if isDeferrable(operation) {
        try leave(operation)
      } else if let position = readPosition(operation), let normalization = deferred[operation.operands[position]] {
        try read(normalization, operation, position)
      } else {
        try rewriter.copy(operation)
      }
    }
    return try rewriter.finish()
  }

  // MARK: What can be deferred

  private func isDeferrable(_ operation: Operation) -> Bool {
    guard operation.opcode == .batchNorm, operation.operands.count == 3, operation.results.count == 3, isCheap(operation) else {
      return false
    }
    let y = operation.results[0]
    let readers = (graph.readers[y] ?? []).map { rewriter.source.operations[$0] }
    return !results.contains(y) && readers.contains { $0.opcode == .convolution } && readers.allSatisfy { canRead(y, of: operation, $0) }
  }

  private func canRead(_ y: Value, of normalization: Operation, _ reader: Operation) -> Bool {
    guard reader.operands.count(where: { $0 == y }) == 1, let position = readPosition(reader), reader.operands[position] == y else {
      return false
    }
    return reader.opcode != .batchNormGradient || reader.operands[1] == normalization.operands[0]
  }

  /// Where an operation reads what a normalization may leave to it: the images of a convolution that has no prologue yet, or an operand of
  /// the prologue of a gradient.
  private func readPosition(_ operation: Operation) -> Int? {
    guard let place = operation.opcode.fusedFunctionPlace, place.attribute == "prologue" else { return nil }
    if operation.opcode != .batchNormGradient { return operation.attributes["prologue"] == nil ? 0 : nil }
    guard operation.attributes["prologue"] != nil, let kinds = operation.attributes.integers("kinds") else { return nil }
    let full = [0] + kinds.indices.filter { kinds[$0] == OperandKind.full.rawValue }.map { $0 + place.ownOperands }
    return full.first { position in
      let value = operation.operands[position]
      return graph.producer(value).map { rewriter.source.operations[$0].opcode == .batchNorm } == true
        && rewriter.source.operations[graph.producer(value) ?? 0].results.first == value
    }
  }

  /// Whether the epilogue costs less than reading its result from memory.
  private func isCheap(_ operation: Operation) -> Bool {
    guard let name = operation.attributes.function("epilogue") else { return true }
    guard let body = bodies.module.function(name), body.operations.count <= Self.mostOperations else { return false }
    return body.operations.allSatisfy { Self.cheap.contains($0.opcode) }
  }

  private static let mostOperations = 4
  private static let cheap: Set<Opcode> = [.constant, .relu, .add, .subtract, .multiply, .maximum, .minimum, .greater, .negate, .absolute]

  // MARK: Rewriting

  private mutating func leave(_ operation: Operation) throws(IRError) {
    let operands = try rewriter.values(operation.operands)
    let epsilon = operation.attributes["epsilon"].map { ["epsilon": $0] as Attributes } ?? [:]
    let results = try rewriter.builder.emit(.batchNormFactors, operands, epsilon)
    rewriter.replace(Array(operation.results.dropFirst()), by: Array(results.dropFirst(2)))
    let epilogue = operation.attributes.function("epilogue").flatMap { bodies.module.function($0) }
    deferred[operation.results[0]] = Deferred(x: operands[0], factors: Array(results.prefix(2)), epilogue: epilogue)
  }

  private mutating func read(_ normalization: Deferred, _ operation: Operation, _ position: Int) throws(IRError) {
    let own = operation.opcode.fusedFunctionPlace?.ownOperands ?? 0
    var operands: [Value] = []
    for (index, operand) in operation.operands.enumerated() {
      operands.append(index == position ? normalization.x : try rewriter.value(operand))
    }
    var attributes = operation.attributes
    let argument = position == 0 ? 0 : position - own + 1
    let inner = attributes.function("prologue").flatMap { bodies.module.function($0) }
    let body = try prologue(normalization, inner: inner, argument: argument, extras: operands.count - own)
    attributes["prologue"] = .function(bodies.name(body))
    let row = OperandKind.row.rawValue
    attributes["kinds"] = .integers((attributes.integers("kinds") ?? []) + [row, row])
    rewriter.extend(bodies.module)
    rewriter.replace(operation.results, by: try rewriter.builder.emit(operation.opcode, operands + normalization.factors, attributes))
  }

  /// The function of the reader with one of its arguments normalized, and the two factors as further arguments.
  private func prologue(_ normalization: Deferred, inner: Function?, argument: Int, extras: Int) throws(IRError) -> Function {
    var builder = Builder(function: "", in: bodies.module)
    var arguments = [builder.argument("element", role: .plain, .scalar)]
    for extra in 0..<extras { arguments.append(builder.argument("x\(extra)", role: .plain, .scalar)) }
    let factors = ["factor", "shift"].map { builder.argument($0, role: .plain, .scalar) }
    arguments[argument] = try normalization.apply(&builder, arguments[argument], factors)
    let results = try inner.map { (body) throws(IRError) in try builder.inline(body, arguments) } ?? [arguments[0]]
    for (number, result) in results.enumerated() { builder.result("y\(number)", role: .plain, result) }
    return builder.function
  }
}

extension Builder {
  /// Emits the operations of a scalar function on these arguments; its results.
  fileprivate mutating func inline(_ body: Function, _ arguments: [Value]) throws(IRError) -> [Value] {
    var values: [Value: Value] = [:]
    for (port, argument) in zip(body.arguments, arguments) { values[port.value] = argument }
    for operation in body.operations {
      let results = try emit(operation.opcode, operation.operands.compactMap { values[$0] }, operation.attributes)
      for (old, new) in zip(operation.results, results) { values[old] = new }
    }
    return body.results.compactMap { values[$0.value] }
  }
}
