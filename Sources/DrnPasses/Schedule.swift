import DrnIR
import DrnKernels

/// The module with operations reordered so that the memory of replaced arguments can be written in place.
///
/// An operation that replaces an argument follows every other reader of the argument: the gradient with respect to a layer's input reads
/// the weight before the update overwrites it. Where data flow forbids that (a reader needs the new value) the replacement needs memory
/// of its own. Among operations that could run, the one that frees most goes
/// first if it frees more than it allocates; otherwise the given order stands. Factorizations that do not need each other are brought together,
/// so that threads can share them.
public func schedule(_ module: Module) throws(IRError) -> Module {
  try module.mapFunctions { function throws(IRError) in
    var rewriter = FunctionRewriter(function, in: module)
    let scheduler = Scheduler(function)
    for index in scheduler.joined(scheduler.order()) { try rewriter.copy(function.operations[index]) }
    return try rewriter.finish()
  }
}

/// List scheduling of one function.
private struct Scheduler {
  private let function: Function
  private let graph: DependenceGraph
  /// Values that outlive the function or are not its own.
  private let pinned: Set<Value>

  init(_ function: Function) {
    self.function = function
    graph = DependenceGraph(function)
    pinned = Set((function.results + function.arguments).map(\.value))
  }

  /// The operations in the order they run.
  func order() -> [Int] {
    var unread = graph.readers.mapValues(\.count)
    var waiting = graph.predecessors.map(\.count)
    var ready = waiting.indices.filter { waiting[$0] == 0 }
    var ordered: [Int] = []
    while let place = mostEager(ready, unread) ?? ready.indices.first {
      let next = ready.remove(at: place)
      ordered.append(next)
      for operand in Set(function.operations[next].operands) { unread[operand, default: 1] -= 1 }
      for successor in graph.successors[next] {
        waiting[successor] -= 1
        guard waiting[successor] == 0 else { continue }
        ready.insert(successor, at: ready.firstIndex { $0 > successor } ?? ready.endIndex)
      }
    }
    return ordered
  }

  /// The order with factorizations that could run at the same time one after the other: each later one, and what it needs, moves up to the
  /// first.
  func joined(_ order: [Int]) -> [Int] {
    var order = order
    var place = 0
    while place < order.count {
      guard JointFactorizations.isFactorization(function.operations[order[place]]) else {
        place += 1
        continue
      }
      let partners = partners(of: place, in: order)
      let members = Set(partners + [order[place]])
      let needed = ancestors(of: partners)
      let rest = order[place...]
      let before = rest.filter { needed.contains($0) && !members.contains($0) }
      let after = rest.filter { !needed.contains($0) && !members.contains($0) }
      order = Array(order[..<place]) + before + rest.filter(members.contains) + after
      place += before.count + members.count
    }
    return order
  }

  /// Later factorizations that depend neither on the one at that place nor on each other, as many as may run at once.
  private func partners(of place: Int, in order: [Int]) -> [Int] {
    var dependent: Set<Int> = [order[place]]
    var partners: [Int] = []
    var elements = JointFactorizations.elements(function.operations[order[place]], function)
    for index in order[(place + 1)...] {
      if graph.predecessors[index].contains(where: dependent.contains) {
        dependent.insert(index)
        continue
      }
      let operation = function.operations[index]
      guard JointFactorizations.isFactorization(operation) else { continue }
      let sum = elements + JointFactorizations.elements(operation, function)
      guard sum <= JointFactorizations.elementsOfSpan else { continue }
      elements = sum
      partners.append(index)
      dependent.insert(index)
    }
    return partners
  }

  /// All that must run before one of the operations.
  private func ancestors(of operations: [Int]) -> Set<Int> {
    var found: Set<Int> = []
    var pending = operations
    while let next = pending.popLast() { pending += graph.predecessors[next].filter { found.insert($0).inserted } }
    return found
  }

  /// Where the ready operation is that frees most memory, if any frees some or replaces an argument without taking any.
  private func mostEager(_ ready: [Int], _ unread: [Value: Int]) -> Int? {
    var best: (place: Int, balance: Double)?
    for (place, index) in ready.enumerated() {
      let balance = balance(of: index, unread)
      let isEager = balance > 0 || balance == 0 && function.operations[index].results.contains { graph.donated[$0] != nil }
      if isEager, balance > (best?.balance ?? -1) { best = (place, balance) }
    }
    return best?.place
  }

  /// Elements freed less elements allocated.
  private func balance(of index: Int, _ unread: [Value: Int]) -> Double {
    let operation = function.operations[index]
    let freed = Set(operation.operands).filter { unread[$0] == 1 && !pinned.contains($0) }
    return elements(Array(freed)) - elements(operation.results.filter { graph.donated[$0] == nil })
  }

  /// Elements of all values; as a floating-point number, so that no size overflows.
  private func elements(_ values: [Value]) -> Double {
    values.map { Double(function.type(of: $0).elementCount ?? 0) }.sorted().reduce(0, +)
  }
}
