/// Splits chains into groups that share no two neighbouring factors, hence no sub-product; each group is searched by itself.
///
/// Each group lists indices into `chains` in ascending order.
func groupsSharingFactors(_ chains: [Chain]) -> [[Int]] {
  var owner = Array(chains.indices)
  func root(_ index: Int) -> Int {
    var index = index
    while owner[index] != index { index = owner[index] }
    return index
  }
  var firstWithPair: [[ChainFactor]: Int] = [:]
  for (index, chain) in chains.enumerated() {
    for start in 0..<(chain.factors.count - 1) {
      let pair = ChainKey(chain.factors[start..<start + 2]).factors
      if let other = firstWithPair[pair] {
        let (left, right) = (root(other), root(index))
        owner[max(left, right)] = min(left, right)
      } else {
        firstWithPair[pair] = index
      }
    }
  }
  var groups: [Int: [Int]] = [:]
  for index in chains.indices { groups[root(index), default: []].append(index) }
  return chains.indices.compactMap { groups[$0] }
}
