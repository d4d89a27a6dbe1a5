import DrnIR

/// The module with operations reordered so that the memory of replaced arguments can be written in place.
///
/// An operation that replaces an argument follows every other reader of the argument: the gradient with respect to a layer's input reads
/// the weight before the update overwrites it. Where data flow forbids that (a reader needs the new value) the argument has no such
/// order and its replacement needs memory of its own. Among operations that could run, the one that frees most goes
/// first if it frees more than it allocates; otherwise the given order stands.
public func schedule(_ module: Module) throws(IRError) -> Module {
  try module.mapFunctions { function throws(IRError) in
    var rewriter = FunctionRewriter(function, in: module)
    var scheduler = Scheduler(function)
    for index in scheduler.order() { try rewriter.copy(function.operations[index]) }
    return try rewriter.finish()
  }
}

/// List scheduling of one function.
private struct Scheduler {
  private let function: Function
  private var producers: [Value: Int] = [:]
  private var readers: [Value: [Int]] = [:]
  /// Operations that must follow each operation, and how many each one still waits for.
  private var successors: [[Int]]
  private var waiting: [Int]
  /// Values in the memory of an argument.
  private var donated: Set<Value> = []
  /// Values that outlive the function or are not its own.
  private let pinned: Set<Value>

  init(_ function: Function) {
    self.function = function
    successors = function.operations.map { _ in [] }
    waiting = function.operations.map { _ in 0 }
    pinned = Set((function.results + function.arguments).map(\.value))
    for (index, operation) in function.operations.enumerated() {
      for result in operation.results { producers[result] = index }
      for operand in Set(operation.operands).sorted() {
        readers[operand, default: []].append(index)
        if let producer = producers[operand] { addEdge(producer, index) }
      }
    }
    for result in function.results { orderReplacement(result) }
  }

  private mutating func addEdge(_ before: Int, _ after: Int) {
    successors[before].append(after)
    waiting[after] += 1
  }

  private mutating func orderReplacement(_ result: Port) {
    guard let argument = function.argument(result.name), argument.value != result.value, let producer = producers[result.value] else { return }
    let others = (readers[argument.value] ?? []).filter { $0 != producer }
    guard others.allSatisfy({ !reaches($0, from: producer) }) else { return }
    for reader in others { addEdge(reader, producer) }
    donated.insert(result.value)
  }

  private func reaches(_ target: Int, from start: Int) -> Bool {
    var seen: Set<Int> = [start]
    var pending = [start]
    while let next = pending.popLast() {
      if next == target { return true }
      pending += successors[next].filter { seen.insert($0).inserted }
    }
    return false
  }

  /// The operations in the order they run.
  mutating func order() -> [Int] {
    var unread = readers.mapValues(\.count)
    var ready = waiting.indices.filter { waiting[$0] == 0 }
    var ordered: [Int] = []
    while let place = mostEager(ready, unread) ?? ready.indices.first {
      let next = ready.remove(at: place)
      ordered.append(next)
      for operand in Set(function.operations[next].operands) { unread[operand, default: 1] -= 1 }
      for successor in successors[next] {
        waiting[successor] -= 1
        guard waiting[successor] == 0 else { continue }
        ready.insert(successor, at: ready.firstIndex { $0 > successor } ?? ready.endIndex)
      }
    }
    return ordered
  }

  /// Where the ready operation is that frees most memory, if any frees some or replaces an argument without taking any.
  private func mostEager(_ ready: [Int], _ unread: [Value: Int]) -> Int? {
    var best: (place: Int, balance: Double)?
    for (place, index) in ready.enumerated() {
      let balance = balance(of: index, unread)
      let isEager = balance > 0 || balance == 0 && function.operations[index].results.contains(where: donated.contains)
      if isEager, balance > (best?.balance ?? -1) { best = (place, balance) }
    }
    return best?.place
  }

  /// Elements freed less elements allocated.
  private func balance(of index: Int, _ unread: [Value: Int]) -> Double {
    let operation = function.operations[index]
    let freed = Set(operation.operands).filter { unread[$0] == 1 && !pinned.contains($0) }
    return elements(Array(freed)) - elements(operation.results.filter { !donated.contains($0) })
  }

  /// Elements of all values; as a floating-point number, so that no size overflows.
  private func elements(_ values: [Value]) -> Double {
    values.map { Double(function.type(of: $0).elementCount ?? 0) }.sorted().reduce(0, +)
  }
}
