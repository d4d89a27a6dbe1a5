import DrnIR

/// The chains of a function with those taken apart whose product is read but once, by another chain: `P^T (x^T dy)` is one chain of three
/// factors, so that the inner product need not be formed where another order is cheaper.
///
/// Chains of one precision alone: what is written in single precision stays so. But optimizer state takes part in a gradient made of products in half
/// width, rounded for it, since that gradient would have to be formed otherwise.
struct MergedChains {
  /// By operation index, of the chains that are left.
  private(set) var chains: [Int: Chain] = [:]

  private let state: Set<Value>

  /// The most factors of a chain: its associations are counted by the Catalan numbers.
  private static let mostFactors = 6

  init(_ function: Function) {
    let uses = Self.uses(function)
    state = Set(function.arguments.filter { $0.role == .state }.map(\.value))
    // The operation whose only result a value is.
    var maker: [Value: Int] = [:]
    for (index, operation) in function.operations.enumerated() {
      guard let chain = Chain(operation, in: function) else { continue }
      let merged = merge(chain, maker, uses, function)
      chains[index] = merged
      if let result = operation.results.first { maker[result] = index }
    }
  }

  private mutating func merge(_ chain: Chain, _ maker: [Value: Int], _ uses: [Value: Int], _ function: Function) -> Chain {
    var factors: [ChainFactor] = []
    var taken: [Int] = []
    for (position, factor) in chain.factors.enumerated() {
      let left = chain.factors.count - position - 1
      guard uses[factor.value] == 1, let index = maker[factor.value], let inner = chains[index], mayMerge(inner, at: position, of: chain),
        factors.count + inner.factors.count + left <= Self.mostFactors
      else {
        factors.append(factor)
        continue
      }
      factors += factor.isTransposed ? inner.factors.reversed().map(\.transposed) : inner.factors
      taken.append(index)
    }
    guard !taken.isEmpty, let merged = Chain(factors: factors, types: factors.map { function.type(of: $0.value) }) else { return chain }
    for index in taken { chains[index] = nil }
    return merged
  }

  private func mayMerge(_ inner: Chain, at place: Int, of chain: Chain) -> Bool {
    guard inner.isHalf != chain.isHalf else { return true }
    return inner.isHalf && chain.factors.enumerated().allSatisfy { $0.offset == place || state.contains($0.element.value) }
  }

  /// How often each value is read: as an operand, or as a result of the function.
  private static func uses(_ function: Function) -> [Value: Int] {
    var uses: [Value: Int] = [:]
    for operation in function.operations { for operand in operation.operands { uses[operand, default: 0] += 1 } }
    for result in function.results { uses[result.value, default: 0] += 1 }
    return uses
  }
}
