import DrnIR

/// The module with sums of products A^T B put together, as those that add up to the gradient of a recurrent weight: the product of all A, one below the
/// other, with all B is their sum, and a large product is faster than many small ones.
///
/// Only products are joined whose B lie in one concatenation anyhow, so that none of them has to be kept for longer; parts of an accumulated step stay
/// apart.
func joinProducts(_ module: Module) throws(IRError) -> Module {
  try module.mapFunctions { function throws(IRError) in
    var joiner = ProductJoiner(function, in: module)
    return try joiner.run()
  }
}

private struct ProductJoiner {
  private var rewriter: FunctionRewriter
  private let sums: Sums
  /// The place of the concatenation that a value lies in.
  private var concatenations: [Value: Int] = [:]

  /// Two products are as fast apart.
  private static let fewest = 3

  init(_ function: Function, in module: Module) {
    rewriter = FunctionRewriter(function, in: module)
    sums = Sums(function)
    for (place, operation) in function.operations.enumerated() where operation.opcode == .concatenate {
      for operand in operation.operands { concatenations[operand] = place }
    }
  }

  mutating func run() throws(IRError) -> Function {
    for operation in rewriter.source.operations {
      guard let sum = sums.outermost(operation), let (others, groups) = join(sums.terms(of: sum)) else {
        try rewriter.copy(operation)
        continue
      }
      rewriter.builder.location = operation.location
      var values = try rewriter.values(others)
      for group in groups {
        let left = try concatenated(group.map { $0.operands[0] })
        let right = try concatenated(group.map { $0.operands[1] })
        values.append(try rewriter.builder.matmul(left, right, transposeLeft: true))
      }
      var total = values[0]
      for value in values.dropFirst() { total = try rewriter.builder.add(total, value) }
      rewriter.replace([sum], by: [total])
    }
    return try rewriter.finish()
  }

  /// The matrices one below the other; in single precision before they are narrowed, where they are, because that is what lies there anyhow.
  private mutating func concatenated(_ matrices: [Value]) throws(IRError) -> Value {
    let whole = try rewriter.builder.concatenate(try rewriter.values(matrices.map(beforeNarrowing)), axis: 0)
    return matrices.contains { beforeNarrowing($0) != $0 } ? try rewriter.builder.narrow(whole) : whole
  }

  private func beforeNarrowing(_ matrix: Value) -> Value {
    guard let definition = sums.definitions[matrix], definition.opcode == .narrow else { return matrix }
    return definition.operands[0]
  }

  /// Terms of which some are products to be joined, those of one concatenation each; `nil` where none are.
  private func join(_ terms: [Value]) -> (others: [Value], groups: [[Operation]])? {
    guard terms.count >= Self.fewest else { return nil }
    var byPlace: [Int: [Value]] = [:]
    for term in terms { if let place = place(term) { byPlace[place, default: []].append(term) } }
    let groups = byPlace.sorted { $0.key < $1.key }.map(\.value).filter { $0.count >= Self.fewest }
    guard !groups.isEmpty else { return nil }
    let joined = Set(groups.joined())
    return (terms.filter { !joined.contains($0) }, groups.map { $0.compactMap { sums.definitions[$0] } })
  }

  /// The place of the concatenation in which the second operand of a product A^T B lies that is better joined with others.
  private func place(_ term: Value) -> Int? {
    guard sums.uses[term] == 1, let product = sums.definitions[term], product.opcode == .matmul, product.operands.count == 2,
      product.attributes.boolean("transpose_left") == true, product.attributes.boolean("transpose_right") != true,
      let place = concatenations[beforeNarrowing(product.operands[1])],
      let left = rewriter.source.type(of: product.operands[0]).extents, let right = rewriter.source.type(of: product.operands[1]).extents,
      left.count == 2, right.count == 2
    else { return nil }
    // Numbers copied once more, against numbers of a result that are not read and written once more.
    let (copied, overflow) = (left[1] + right[1]).multipliedReportingOverflow(by: left[0])
    let (saved, other) = left[1].multipliedReportingOverflow(by: right[1])
    return !overflow && !other && copied / 2 < saved ? place : nil
  }
}
