import DrnIR

/// The sums of a function: additions of additions that nothing else reads are one sum.
struct Sums {
  /// The operation that defines a value.
  private(set) var definitions: [Value: Operation] = [:]
  let uses: [Value: Int]
  /// Sums that only another sum reads.
  private var inner: Set<Value> = []

  init(_ function: Function) {
    uses = function.useCounts
    for operation in function.operations { for result in operation.results { definitions[result] = operation } }
    for operation in function.operations where operation.opcode == .add {
      for operand in operation.operands where uses[operand] == 1 && definitions[operand]?.opcode == .add { inner.insert(operand) }
    }
  }

  /// The sum that the operation ends; `nil` where it is no addition, or a part of a longer sum.
  func outermost(_ operation: Operation) -> Value? {
    guard operation.opcode == .add, let sum = operation.results.first, !inner.contains(sum) else { return nil }
    return sum
  }

  /// What is added up in a sum, from left to right.
  func terms(of sum: Value) -> [Value] {
    var (terms, pending): ([Value], [Value]) = ([], [sum])
    while let next = pending.popLast() {
      if let operation = definitions[next], operation.opcode == .add, next == sum || uses[next] == 1 {
        pending += operation.operands.reversed()
      } else {
        terms.append(next)
      }
    }
    return terms
  }
}
