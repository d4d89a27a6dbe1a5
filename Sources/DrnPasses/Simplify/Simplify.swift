import DrnIR

/// The module with cheaper equal operations: constants folded, neutral operations and transposes removed, repeated ones merged, dead
/// ones dropped.
///
/// Folding is done in double precision. `x + 0` becomes `x`, which changes the sign of a zero; nothing else changes but rounding.
public func simplify(_ module: Module) throws(IRError) -> Module {
  // A rewrite may enable another further up; in practice two or three rounds suffice and the bound only guards against cycles.
  let rounds = 8
  return try module.mapFunctions { function throws(IRError) in
    var current = function
    for _ in 0..<rounds {
      var simplifier = Simplifier(current, in: module)
      let next = try eliminateDeadCode(try simplifier.run(), in: module)
      if next == current { break }
      current = next
    }
    return current
  }
}

/// One round over one function. Rules see operations whose operands are already those of the new function.
struct Simplifier {
  var rewriter: FunctionRewriter
  /// The operation that defines a value of the new function.
  private(set) var definitions: [Value: Operation] = [:]
  private var known: [Expression: [Value]] = [:]
  private let useCounts: [Value: Int]

  /// What makes two operations equal. Only looked up, never iterated, so hashing does not reach the output.
  private struct Expression: Hashable {
    let opcode: Opcode
    let operands: [Value]
    let attributes: Attributes
  }

  init(_ function: Function, in module: Module) {
    rewriter = FunctionRewriter(function, in: module)
    useCounts = function.useCounts
  }

  mutating func run() throws(IRError) -> Function {
    for operation in rewriter.source.operations {
      rewriter.builder.location = operation.location
      var moved = operation
      moved.operands = try rewriter.values(operation.operands)
      let isOnlyUse = operation.operands.map { useCounts[$0] == 1 }
      let type = operation.results.first.map { rewriter.source.type(of: $0) } ?? .scalar
      if let value = try replacement(for: moved, type: type, isOnlyUse: isOnlyUse) {
        rewriter.replace(operation.results, by: [value])
      } else {
        rewriter.replace(operation.results, by: try emit(moved.opcode, moved.operands, moved.attributes))
      }
    }
    return try rewriter.finish()
  }

  /// The value that stands for the only result of the operation, or `nil` when no rule applies.
  private mutating func replacement(for operation: Operation, type: TensorType, isOnlyUse: [Bool]) throws(IRError) -> Value? {
    guard operation.results.count == 1 else { return nil }
    if let value = try foldConstants(operation, type: type) { return value }
    if let value = neutralOperand(operation, type: type) { return value }
    if let value = try joinScales(operation) { return value }
    if let value = try useScalarOperands(operation, type: type) { return value }
    if let value = try maskByActivation(operation) { return value }
    if let value = try simplifyShape(operation, type: type) { return value }
    if let value = try simplifyImage(operation, type: type) { return value }
    if let value = try moveReshapeBehind(operation, type: type) { return value }
    if let value = try flattenSum(operation) { return value }
    return try moveTransposes(operation, isOnlyUse: isOnlyUse)
  }

  /// Emits an operation, or finds the equal one that was emitted before.
  mutating func emit(_ opcode: Opcode, _ operands: [Value], _ attributes: Attributes = [:]) throws(IRError) -> [Value] {
    let ordered = Self.isCommutative(opcode) ? operands.sorted() : operands
    let expression = Expression(opcode: opcode, operands: ordered, attributes: attributes)
    if let results = known[expression] { return results }
    let results = try rewriter.builder.emit(opcode, operands, attributes)
    known[expression] = results
    let definition = Operation(opcode, operands: operands, results: results, attributes: attributes)
    for result in results { definitions[result] = definition }
    return results
  }

  mutating func emitOne(_ opcode: Opcode, _ operands: [Value], _ attributes: Attributes = [:]) throws(IRError) -> Value {
    guard let value = try emit(opcode, operands, attributes).first else { throw IRError("\(opcode.mnemonic) has no result") }
    return value
  }

  /// The operation that defines the value, if it is of that op.
  func definition(_ value: Value, _ opcode: Opcode) -> Operation? { definitions[value].flatMap { $0.opcode == opcode ? $0 : nil } }

  /// The result of an operation that was emitted before, if it was.
  func knownResult(_ opcode: Opcode, _ operands: [Value]) -> Value? {
    known[Expression(opcode: opcode, operands: operands, attributes: [:])]?.first
  }

  func type(of value: Value) -> TensorType { rewriter.builder.type(of: value) }

  private static func isCommutative(_ opcode: Opcode) -> Bool {
    opcode == .add || opcode == .multiply || opcode == .maximum || opcode == .minimum
  }
}
