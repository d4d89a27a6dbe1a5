import DrnIR
import DrnKernels

/// The module with every `product` turned into `matmul`s, in the order that is cheapest for all products of a function together.
///
/// Needs concrete types: a function with symbolic matrices in a product is an error. Sub-products that several products share, also as
/// transposes of one another, are computed once; existing `matmul`s take part, and those that only another product reads are a part of it.
/// A product with the result of `one_hot` becomes `gather_rows` or `scatter_rows`, so that it is not formed.
/// Where a factor of a product is of half width, all products that it is made of multiply in half width.
/// With several devices the rows of the batch are priced as one of them has them.
public func chooseContractionOrder(
  _ module: Module, machine: MachineModel = .compiledFor, devices: Int = 1
) throws(IRError) -> Module {
  try module.mapFunctions { function throws(IRError) in
    var contraction = try Contraction(function, in: module, machine: machine, devices: devices)
    return try eliminateDeadCode(try contraction.run(), in: module)
  }
}

/// By a value that `one_hot` makes, its tokens.
private func tokensOfOneHots(_ function: Function) -> [Value: Value] {
  var tokens: [Value: Value] = [:]
  for operation in function.operations where operation.opcode == .oneHot {
    if let result = operation.results.first { tokens[result] = operation.operands.first }
  }
  return tokens
}

/// A sub-product of a chain that multiplies in half width, or in single precision.
private struct KnownProduct: Hashable {
  let factors: [ChainFactor]
  let isHalf: Bool
}

/// Rewrites the chains of one function.
private struct Contraction {
  private var rewriter: FunctionRewriter
  /// By operation index: its chain, over values of the source, and the chosen association.
  private var plans: [Int: (chain: Chain, association: Association)] = [:]
  /// Sub-products that exist already, by their canonical form over values of the source and by what they multiply.
  private var known: [KnownProduct: ChainFactor] = [:]
  /// Values of the new function in half width, by what they were made of.
  private var narrowed: [Value: Value] = [:]
  /// By a value of the source that `one_hot` makes, its tokens.
  private let tokens: [Value: Value]

  init(_ function: Function, in module: Module, machine: MachineModel, devices: Int) throws(IRError) {
    rewriter = FunctionRewriter(function, in: module)
    var indices: [Int] = []
    var chains: [Chain] = []
    let uses = WindowUses(function)
    let division = BatchDivision(function, devices: devices)
    tokens = tokensOfOneHots(function)
    let merged = MergedChains(function).chains
    for (index, operation) in function.operations.enumerated() {
      guard let chain = merged[index] else {
        if operation.opcode == .product, Chain(operation, in: function) != nil { continue }
        if operation.opcode == .product { throw IRError("ranks must be known before an order is chosen", location: operation.location) }
        continue
      }
      indices.append(index)
      var marked = uses.mark(chain, result: operation.results.first)
      marked.tokens = Set(chain.factors.indices.filter { tokens[chain.factors[$0].value] != nil })
      if let division { marked.divide(division, over: devices) }
      chains.append(marked)
    }
    for group in groupsSharingFactors(chains) {
      let associations = ContractionSearch(group.map { chains[$0] }, machine: machine).choose()
      for (member, association) in zip(group, associations) { plans[indices[member]] = (chains[member], association) }
    }
  }

  mutating func run() throws(IRError) -> Function {
    for (index, operation) in rewriter.source.operations.enumerated() {
      guard let plan = plans[index] else {
        // What has become a part of another chain is not computed by itself.
        if Chain(operation, in: rewriter.source) == nil { try rewriter.copy(operation) }
        continue
      }
      rewriter.builder.location = operation.location
      let whole = try multiply(0..<plan.chain.factors.count, of: plan.chain, by: plan.association, isRoot: true)
      let value = whole.isTransposed ? try rewriter.builder.transpose(whole.value) : whole.value
      rewriter.replace(operation.results, by: [value])
    }
    return try rewriter.finish()
  }

  /// A value of the new function that holds the run, or its transpose.
  private mutating func multiply(
    _ range: Range<Int>, of chain: Chain, by association: Association, isRoot: Bool
  ) throws(IRError) -> ChainFactor {
    if range.count == 1 {
      let factor = chain.factors[range.lowerBound]
      return ChainFactor(value: try rewriter.value(factor.value), isTransposed: factor.isTransposed)
    }
    let key = ChainKey(chain.factors[range])
    let product = KnownProduct(factors: key.factors, isHalf: chain.isHalf)
    if let factor = known[product] { return key.isTransposed ? factor.transposed : factor }
    guard let node = association.node(range) else { throw IRError("the association does not cut \(range)") }
    if let rows = try chooseRows(node, of: chain, by: association) {
      known[product] = key.isTransposed ? rows.transposed : rows
      return rows
    }
    let left = try multiply(range.lowerBound..<node.split, of: chain, by: association, isRoot: false)
    let right = try multiply(node.split..<range.upperBound, of: chain, by: association, isRoot: false)
    let isHalf = chain.isHalf
    let value = try rewriter.builder.matmul(
      isHalf ? try narrow(left.value) : left.value, isHalf ? try narrow(right.value) : right.value, transposeLeft: left.isTransposed,
      transposeRight: right.isTransposed)
    if !isRoot, let name = name(of: left, times: right) { rewriter.builder.name(value, name) }
    known[product] = ChainFactor(value: value, isTransposed: key.isTransposed)
    return ChainFactor(value: value, isTransposed: false)
  }

  /// The value in half width.
  private mutating func narrow(_ value: Value) throws(IRError) -> Value {
    if rewriter.builder.type(of: value).element == .bf16 { return value }
    if let known = narrowed[value] { return known }
    let made = try rewriter.builder.narrow(value)
    narrowed[value] = made
    return made
  }

  /// The product of a `one_hot` with what stands beside it, by its tokens; `nil` where neither side is one.
  private mutating func chooseRows(
    _ node: Association.Node, of chain: Chain, by association: Association
  ) throws(IRError) -> ChainFactor? {
    let (start, split, end) = (node.range.lowerBound, node.split, node.range.upperBound)
    if split - start == 1, let tokens = tokens[chain.factors[start].value] {
      let table = try multiply(split..<end, of: chain, by: association, isRoot: false)
      return try chooseRows(tokens, chain.factors[start], of: table)
    }
    if end - split == 1, let tokens = tokens[chain.factors[split].value] {
      // The transpose of what the transposed matrix gives from the left.
      let table = try multiply(start..<split, of: chain, by: association, isRoot: false)
      return try chooseRows(tokens, chain.factors[split].transposed, of: table.transposed).transposed
    }
    return nil
  }

  /// The product of a `one_hot` from the left.
  private mutating func chooseRows(_ tokens: Value, _ oneHot: ChainFactor, of table: ChainFactor) throws(IRError) -> ChainFactor {
    let matrix = table.isTransposed ? try rewriter.builder.transpose(table.value) : table.value
    let tokens = try rewriter.value(tokens)
    guard oneHot.isTransposed else { return ChainFactor(value: try rewriter.builder.gatherRows(tokens, matrix), isTransposed: false) }
    let classes = rewriter.source.type(of: oneHot.value).extents?.last ?? 0
    return ChainFactor(value: try rewriter.builder.scatterRows(tokens, matrix, rows: classes), isTransposed: false)
  }

  /// `x` times `fc1.weight.u` is called `xU`, and `dy` times the transpose of `v` is `dyVt`.
  private func name(of left: ChainFactor, times right: ChainFactor) -> String? {
    guard let first = shortName(left), let second = shortName(right) else { return nil }
    return first + second.prefix(1).uppercased() + second.dropFirst()
  }

  private func shortName(_ factor: ChainFactor) -> String? {
    guard let name = rewriter.builder.function.values[Int(factor.value.index)].name else { return nil }
    let last = name.split(whereSeparator: { $0 == "." || $0 == "/" }).last.map(String.init) ?? name
    return factor.isTransposed ? last + "t" : last
  }
}
