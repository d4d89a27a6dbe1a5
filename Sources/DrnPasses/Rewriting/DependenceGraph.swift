import DrnIR

/// What must run before what in one function: definitions before uses, and readers of an argument before the operation that replaces it.
///
/// The second kind lets a replacement be written into the argument's memory. It is left out for an argument where data flow, or the
/// replacements ordered before it, need the new value first.
struct DependenceGraph {
  /// By operation, those that must follow it and those it must follow.
  private(set) var successors: [[Int]]
  private(set) var predecessors: [[Int]]
  /// Replacements that can be written into the memory of an argument, with the argument.
  private(set) var donated: [Value: Value] = [:]
  /// The operations that read a value, ascending.
  private(set) var readers: [Value: [Int]] = [:]
  private var producers: [Value: Int] = [:]

  init(_ function: Function) {
    successors = function.operations.map { _ in [] }
    predecessors = successors
    for (index, operation) in function.operations.enumerated() {
      for result in operation.results { producers[result] = index }
      for operand in Set(operation.operands).sorted() {
        readers[operand, default: []].append(index)
        if let producer = producers[operand] { addEdge(producer, index) }
      }
    }
    for result in function.results {
      if let argument = function.argument(result.name) { order(replacement: result.value, of: argument.value) }
    }
  }

  func producer(_ value: Value) -> Int? { producers[value] }

  private mutating func addEdge(_ before: Int, _ after: Int) {
    successors[before].append(after)
    predecessors[after].append(before)
  }

  private mutating func order(replacement: Value, of argument: Value) {
    guard argument != replacement, let producer = producers[replacement] else { return }
    let others = (readers[argument] ?? []).filter { $0 != producer }
    let followers = reachable(from: producer)
    guard !others.contains(where: followers.contains) else { return }
    for reader in others { addEdge(reader, producer) }
    donated[replacement] = argument
  }

  private func reachable(from start: Int) -> Set<Int> {
    var seen: Set<Int> = [start]
    var pending = [start]
    while let next = pending.popLast() { pending += successors[next].filter { seen.insert($0).inserted } }
    return seen
  }
}
