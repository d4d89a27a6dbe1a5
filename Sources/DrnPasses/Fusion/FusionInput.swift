import DrnIR

/// What an elementwise operation reads at one element.
enum FusionInput: Hashable {
  /// A number known at compile time, by its bits: zeros of either sign differ, and any number equals itself.
  case number(bits: UInt64)
  /// A value of the function and how it meets the elements.
  case value(Value, OperandKind)
}

/// The definitions and uses of one function, as fusion asks for them.
struct FusionGraph {
  let function: Function
  /// Definitions and uses, with replacements of arguments behind the readers of the arguments.
  let dependences: DependenceGraph
  private let results: Set<Value>

  init(_ function: Function) {
    self.function = function
    dependences = DependenceGraph(function)
    results = Set(function.results.map(\.value))
  }

  func producer(_ value: Value) -> Int? { dependences.producer(value) }
  /// The operations that read a value, ascending.
  func readers(of value: Value) -> [Int] { dependences.readers[value] ?? [] }
  func isResult(_ value: Value) -> Bool { results.contains(value) }

  func definition(_ value: Value, _ opcode: Opcode) -> Operation? {
    guard let index = producer(value), function.operations[index].opcode == opcode else { return nil }
    return function.operations[index]
  }

  /// Whether the operation can be part of a fused body: elementwise on `f32`, with a shape. What is narrowed stands at its end.
  func isFusable(_ index: Int) -> Bool {
    let operation = function.operations[index]
    guard operation.opcode.isElementwise, operation.results.count == 1 else { return false }
    let type = function.type(of: operation.results[0])
    return !type.shape.isEmpty && operation.operands.allSatisfy { function.type(of: $0).element == .f32 }
  }

  /// The result of an operation on which an elementwise function can be joined as its epilogue; `nil` where the op has none or one already.
  func epilogueElement(_ operation: Operation) -> Value? {
    guard let place = operation.opcode.fusedFunctionPlace, place.attribute == "epilogue", operation.attributes["epilogue"] == nil,
      operation.operands.count == place.ownOperands
    else { return nil }
    return operation.results.first
  }

  /// The shape of the first result.
  func shape(_ index: Int) -> [Dimension] {
    function.operations[index].results.first.map { function.type(of: $0).shape } ?? []
  }

  /// What an operand of a fused operation of that shape reads, seen through constants and repetitions.
  func input(_ operand: Value, shape: [Dimension]) -> FusionInput {
    if let number = definition(operand, .constant)?.attributes.number("value") { return .number(bits: number.bitPattern) }
    if let broadcast = definition(operand, .broadcast), let input = repeated(broadcast, shape: shape) { return input }
    return .value(operand, function.type(of: operand).shape.isEmpty ? .scalar : .full)
  }

  /// The first value from outside a group of elementwise operations that has an element for each of theirs.
  func firstFullInput(of members: [Int]) -> Value? {
    let operations = members.map { function.operations[$0] }
    let inside = Set(operations.flatMap(\.results))
    let shape = members.first.map(shape) ?? []
    for operand in operations.flatMap(\.operands) where !inside.contains(operand) {
      if case .value(let value, .full) = input(operand, shape: shape) { return value }
    }
    return nil
  }

  private func repeated(_ broadcast: Operation, shape: [Dimension]) -> FusionInput? {
    guard let source = broadcast.operands.first, let axes = broadcast.attributes.integers("axes") else { return nil }
    if function.type(of: source) == .scalar { return input(source, shape: shape) }
    for (kind, axis) in [(OperandKind.row, shape.count - 1), (.column, 0)] where axes == [axis] {
      if let type = try? kind.type(in: shape), function.type(of: source) == type { return .value(source, kind) }
    }
    return nil
  }
}
