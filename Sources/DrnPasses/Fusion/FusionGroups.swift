import DrnIR

/// A partition of a function's operations into groups that each run as one, such that the groups can be put in an order.
struct FusionGroups {
  /// A fused body must fit the registers of the machine that runs it; longer chains are cut.
  static let largestGroup = 20
  let graph: FusionGraph
  /// By group, the operations that must run before its members; replacements of arguments stay behind the readers of the arguments.
  private var predecessors: [[Int]]
  /// For searches: the number of the last search that met a group, and how many there were.
  private var visits: [Int]
  private var searches = 0
  /// The group of each operation: the index of one of its members.
  private(set) var group: [Int]
  /// By group, its operations in ascending order.
  private(set) var members: [[Int]]

  /// Groups elementwise operations of one shape, then joins each group with a product or normalization that only it reads, and what is
  /// left with the gradient of a normalization that it feeds.
  init(_ function: Function) {
    graph = FusionGraph(function)
    predecessors = graph.dependences.predecessors
    visits = function.operations.map { _ in 0 }
    group = Array(function.operations.indices)
    members = function.operations.indices.map { [$0] }
    joinWithReaders()
    joinWithProducers()
    joinAsEpilogues()
    joinAsPrologues()
  }

  /// An operation whose readers are all in one group joins it, so that its result is never stored. Readers come first: an activation
  /// mask goes to the backward pass that multiplies by it, not to the forward pass that could also compute it.
  private mutating func joinWithReaders() {
    for index in group.indices.reversed() where graph.isFusable(index) {
      let readers = graph.function.operations[index].results.flatMap { graph.readers(of: $0) }
      guard let first = readers.first, Set(readers.map { group[$0] }).count == 1, isJoinable(index, first) else { continue }
      join(index, first)
    }
  }

  /// What is left joins the producers of its operands where that creates no cycle; the operand is then not read back.
  private mutating func joinWithProducers() {
    for index in group.indices where graph.isFusable(index) {
      for operand in graph.function.operations[index].operands {
        guard let producer = graph.producer(operand), isJoinable(producer, index) else { continue }
        join(producer, index)
      }
    }
  }

  private mutating func joinAsEpilogues() {
    for index in group.indices {
      let group = self.group[index]
      guard members[group].first == index, graph.isFusable(index), let host = epilogueHost(group), !isSeparated(self.group[host], group)
      else { continue }
      join(host, index)
    }
  }

  /// The product or normalization whose only readers are in the group; the last one where there are several. A product of a matrix that the
  /// group replaces stays apart: it would read elements that are overwritten already.
  private func epilogueHost(_ group: Int) -> Int? {
    let replaced = Set(members[group].flatMap { graph.function.operations[$0].results }.compactMap { graph.dependences.donated[$0] })
    let operands = members[group].flatMap { graph.function.operations[$0].operands }
    return operands.compactMap { operand -> Int? in
      guard let host = graph.producer(operand), members[self.group[host]].count == 1,
        graph.epilogueElement(graph.function.operations[host]) == operand, !graph.isResult(operand),
        replaced.isDisjoint(with: graph.function.operations[host].operands),
        graph.function.operations[host].opcode == .matmul || !narrows(group),
        graph.readers(of: operand).allSatisfy({ self.group[$0] == group }),
        let shape = members[group].first.map(graph.shape), graph.function.type(of: operand) == .f32(shape)
      else { return nil }
      return host
    }.max()
  }

  /// A group whose result is the gradient that a normalization is differentiated with, and that no other operation hosts, joins it.
  private mutating func joinAsPrologues() {
    for index in group.indices {
      let operation = graph.function.operations[index]
      guard operation.opcode == .batchNormGradient, operation.attributes["prologue"] == nil, operation.operands.count == 5,
        let producer = graph.producer(operation.operands[0]), graph.isFusable(producer)
      else { continue }
      let group = self.group[producer]
      let results = members[group].flatMap { graph.function.operations[$0].results }
      guard members[group].allSatisfy(graph.isFusable), members[group].count <= Self.largestGroup, !narrows(group),
        graph.firstFullInput(of: members[group]) != nil, !operation.operands.dropFirst().contains(where: results.contains),
        !isSeparated(group, index)
      else { continue }
      join(group, index)
    }
  }

  /// Whether a result of the group is of half width, which products and maps write and normalizations do not.
  private func narrows(_ group: Int) -> Bool { members[group].contains { graph.function.operations[$0].opcode == .narrow } }

  private mutating func isJoinable(_ left: Int, _ right: Int) -> Bool {
    group[left] != group[right] && graph.isFusable(left) && graph.isFusable(right) && graph.shape(left) == graph.shape(right)
      && members[group[left]].count + members[group[right]].count <= Self.largestGroup && !isSeparated(group[left], group[right])
  }

  /// Whether a path leaves the two groups and comes back, so that they cannot run as one.
  private mutating func isSeparated(_ left: Int, _ right: Int) -> Bool {
    searches += 1
    var pending = (predecessors[left] + predecessors[right]).map { group[$0] }.filter { $0 != left && $0 != right }
    while let next = pending.popLast() {
      guard visits[next] != searches else { continue }
      visits[next] = searches
      for predecessor in predecessors[next] {
        let before = group[predecessor]
        if before == left || before == right { return true }
        if visits[before] != searches { pending.append(before) }
      }
    }
    return false
  }

  private mutating func join(_ left: Int, _ right: Int) {
    let (kept, dropped) = (group[left], group[right])
    guard kept != dropped else { return }
    for member in members[dropped] { group[member] = kept }
    members[kept] = (members[kept] + members[dropped]).sorted()
    members[dropped] = []
    predecessors[kept] += predecessors[dropped]
    predecessors[dropped] = []
  }

  /// The groups in an order in which each follows those it reads; as late as the place of its last member unless needed before.
  var order: [Int] {
    var ordered: [Int] = []
    var isDone = Array(repeating: false, count: group.count)
    for index in group.indices where members[group[index]].last == index {
      var pending = [group[index]]
      while let next = pending.last {
        let missing = isDone[next] ? [] : predecessors[next].map { group[$0] }.filter { $0 != next && !isDone[$0] }
        if missing.isEmpty {
          pending.removeLast()
          if !isDone[next] { ordered.append(next) }
          isDone[next] = true
        } else {
          pending += missing
        }
      }
    }
    return ordered
  }
}
