import DrnIR

/// The module with sums of blocks that lie side by side put together: where a tensor was cut into slices, its gradient is the sum of as many
/// tensors of its own size, each with one block and zeros around it; their concatenation is the same without the zeros.
func joinBlocks(_ module: Module) throws(IRError) -> Module {
  try module.mapFunctions { function throws(IRError) in
    var joiner = BlockJoiner(function, in: module)
    return try joiner.run()
  }
}

private struct BlockJoiner {
  private var rewriter: FunctionRewriter
  private let sums: Sums

  init(_ function: Function, in module: Module) {
    rewriter = FunctionRewriter(function, in: module)
    sums = Sums(function)
  }

  mutating func run() throws(IRError) -> Function {
    for operation in rewriter.source.operations {
      guard let sum = sums.outermost(operation), let joined = join(sums.terms(of: sum)) else {
        try rewriter.copy(operation)
        continue
      }
      rewriter.builder.location = operation.location
      var values: [Value] = []
      for term in joined.others { values.append(try rewriter.value(term)) }
      for group in joined.groups {
        values.append(try rewriter.builder.concatenate(try rewriter.values(group.blocks), axis: group.axis))
      }
      var total = values[0]
      for value in values.dropFirst() { total = try rewriter.builder.add(total, value) }
      rewriter.replace([sum], by: [total])
    }
    return try rewriter.finish()
  }

  /// Blocks that fill a tensor along an axis, in their order.
  private struct Group {
    let axis: Int
    let blocks: [Value]
  }
  private struct Block {
    let term: Value
    let content: Value
    let start: Int
    let size: Int
  }

  /// Terms of which some fill the tensor together; `nil` where none do.
  private func join(_ terms: [Value]) -> (others: [Value], groups: [Group])? {
    guard terms.count > 1 else { return nil }
    var (byAxis, extents): ([Int: [Block]], [Int: Int]) = ([:], [:])
    for term in terms {
      guard sums.uses[term] == 1, let (axis, block, extent) = block(term) else { continue }
      byAxis[axis, default: []].append(block)
      extents[axis] = extent
    }
    var (others, groups) = (terms, [Group]())
    for axis in byAxis.keys.sorted() {
      var rest = (byAxis[axis] ?? []).enumerated().sorted { ($0.element.start, $0.offset) < ($1.element.start, $1.offset) }.map(\.element)
      while let filling = takeFilling(&rest, extents[axis] ?? 0) {
        groups.append(Group(axis: axis, blocks: filling.map(\.content)))
        let taken = Set(filling.map(\.term))
        others.removeAll { taken.contains($0) }
      }
    }
    return groups.isEmpty ? nil : (others, groups)
  }

  /// Takes blocks that follow each other from the first place to the last.
  private func takeFilling(_ blocks: inout [Block], _ extent: Int) -> [Block]? {
    var (filling, taken, end): ([Block], [Int], Int) = ([], [], 0)
    for (index, block) in blocks.enumerated() where block.start == end && end < extent {
      filling.append(block)
      taken.append(index)
      end += block.size
    }
    guard end == extent, filling.count > 1 else { return nil }
    for index in taken.reversed() { blocks.remove(at: index) }
    return filling
  }

  /// The block of a `pad` that leaves zeros along one axis alone.
  private func block(_ term: Value) -> (axis: Int, Block, extent: Int)? {
    guard let pad = sums.definitions[term], pad.opcode == .pad, let content = pad.operands.first,
      let starts = pad.attributes.dimensions("starts")?.compactMap(\.value), let whole = rewriter.source.type(of: term).extents,
      let size = rewriter.source.type(of: content).extents, starts.count == whole.count, size.count == whole.count
    else { return nil }
    let axes = whole.indices.filter { size[$0] != whole[$0] }
    guard axes.count == 1, size[axes[0]] > 0 else { return nil }
    return (axes[0], Block(term: term, content: content, start: starts[axes[0]], size: size[axes[0]]), whole[axes[0]])
  }
}
