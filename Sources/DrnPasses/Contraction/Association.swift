import DrnIR
import DrnKernels

/// A way to multiply the factors `range` of a chain: first the two sides of `split`, then their product.
///
/// Nodes are listed children first; the last one is the whole product.
struct Association: Hashable {
  struct Node: Hashable {
    let range: Range<Int>
    /// Where the right side starts.
    let split: Int
  }
  let nodes: [Node]

  /// The node that computes the run.
  func node(_ range: Range<Int>) -> Node? { nodes.first { $0.range == range } }

  /// `((A B) C) D`.
  static func leftFirst(_ count: Int) -> Association {
    Association(nodes: (2..<max(3, count + 1)).map { Node(range: 0..<$0, split: $0 - 1) })
  }

  /// `A (B (C D))`.
  static func rightFirst(_ count: Int) -> Association {
    Association(nodes: (0..<max(1, count - 1)).reversed().map { Node(range: $0..<count, split: $0 + 1) })
  }

  /// Every way to multiply the run; the Catalan numbers 1, 2, 5, 14, 42 for 2 to 6 factors.
  static func all(_ range: Range<Int>) -> [Association] {
    if range.count < 2 { return [Association(nodes: [])] }
    return (range.lowerBound + 1..<range.upperBound).flatMap { split in
      let rights = all(split..<range.upperBound)
      return all(range.lowerBound..<split).flatMap { left in
        rights.map { Association(nodes: left.nodes + $0.nodes + [Node(range: range, split: split)]) }
      }
    }
  }

  /// The cheapest way for this chain alone, by the matrix chain recurrence (Cormen et al., "Introduction to Algorithms").
  static func cheapest(_ chain: Chain, _ machine: MachineModel) -> Association {
    let count = chain.factors.count
    var best: [Range<Int>: (cost: Double, nodes: [Node])] = [:]
    for start in 0..<count { best[start..<start + 1] = (0, []) }
    for length in stride(from: 2, through: count, by: 1) {
      for start in 0...(count - length) {
        let range = start..<start + length
        for split in start + 1..<range.upperBound {
          guard let left = best[start..<split], let right = best[split..<range.upperBound] else { continue }
          let cost = left.cost + right.cost + chain.time(Node(range: range, split: split), machine)
          if let known = best[range], known.cost <= cost { continue }
          best[range] = (cost, left.nodes + right.nodes + [Node(range: range, split: split)])
        }
      }
    }
    return Association(nodes: best[0..<count]?.nodes ?? leftFirst(count).nodes)
  }
}

extension Chain {
  /// Seconds of the last multiplication of a run, by the kernel that it takes.
  func time(_ node: Association.Node, _ machine: MachineModel) -> Double { machine.time(work(node)).seconds }

  /// A factor enters as it lies; a product of factors lies as it is.
  private func work(_ node: Association.Node) -> KernelWork {
    let (start, split, end) = (node.range.lowerBound, node.split, node.range.upperBound)
    let isTransposedLeft = split - start == 1 && factors[start].isTransposed
    let isTransposedRight = end - split == 1 && factors[split].isTransposed
    if split - start == 1, tokens.contains(start) {
      return KernelWork(
        ofTokens: ProductSizes(
          rows: extents[start], inner: extents[split], columns: extents[end], isTransposedLeft: isTransposedLeft, isTransposedRight: false))
    }
    if end - split == 1, tokens.contains(split) {
      // The transpose of what the transposed matrix gives from the left.
      return KernelWork(
        ofTokens: ProductSizes(
          rows: extents[end], inner: extents[split], columns: extents[start], isTransposedLeft: !isTransposedRight,
          isTransposedRight: false))
    }
    if split - start == 1, let product = windows[start] {
      return product.work(isTransposedLeft ? .convolutionWeightGradient : .convolution, outputs: extents[end])
    }
    if end - split == 1, let product = windows[split] {
      return product.work(isTransposedRight ? .convolution : .convolutionWeightGradient, outputs: extents[start])
    }
    if end - start == factors.count, let product = resultWindows {
      return product.work(.convolutionInputGradient, outputs: extents[split])
    }
    return KernelWork(
      ProductSizes(
        rows: extents[start], inner: extents[split], columns: extents[end], isTransposedLeft: isTransposedLeft,
        isTransposedRight: isTransposedRight, isHalf: isHalf))
  }
}
