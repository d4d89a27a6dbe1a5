import DrnKernels

/// Chooses associations for chains that share factors, counting each shared sub-product once.
///
/// Choosing each chain alone misses what training makes common: `x U` serves the forward product and the gradient of V, `dy V^T` the
/// gradients of x and U. The joint choice is found by coordinate descent: one chain changes at a time, from several starting points.
struct ContractionSearch {
  let chains: [Chain]
  /// For each chain the candidate associations, each as the indices of its multiplications in `times`.
  private var candidates: [[Candidate]] = []
  /// Seconds of each distinct multiplication.
  private var times: [Double] = []

  private struct Candidate {
    let association: Association
    let steps: [Int]
  }
  /// A multiplication: the run it computes and how that is cut in two. Equal steps of two chains are computed once.
  private struct Step: Hashable {
    let factors: [ChainFactor]
    let split: Int
  }

  /// Chains longer than this have too many associations; they choose between left first, right first and the cheapest alone.
  private static let enumerated = 6

  init(_ chains: [Chain], machine: MachineModel) {
    self.chains = chains
    var indices: [Step: Int] = [:]
    for chain in chains {
      let count = chain.factors.count
      let associations =
        count <= Self.enumerated
        ? Association.all(0..<count) : [.leftFirst(count), .rightFirst(count), .cheapest(chain, machine)]
      candidates.append(
        associations.map { association in
          let steps = association.nodes.map { node in
            let step = Self.step(node, of: chain)
            if let index = indices[step] { return index }
            indices[step] = times.count
            times.append(chain.time(node, machine))
            return times.count - 1
          }
          return Candidate(association: association, steps: steps)
        })
    }
    starts = Self.startingPoints(chains, candidates.map { $0.map(\.association) }, machine)
  }

  /// Starting choices: an index into `candidates` for each chain.
  private var starts: [[Int]] = []

  private static func startingPoints(_ chains: [Chain], _ candidates: [[Association]], _ machine: MachineModel) -> [[Int]] {
    let choose = { (association: (Chain) -> Association) in
      zip(chains, candidates).map { chain, candidates in
        candidates.firstIndex { Set($0.nodes) == Set(association(chain).nodes) } ?? 0
      }
    }
    return [
      choose { .cheapest($0, machine) }, choose { .leftFirst($0.factors.count) }, choose { .rightFirst($0.factors.count) },
    ]
  }

  private static func step(_ node: Association.Node, of chain: Chain) -> Step {
    let key = ChainKey(chain.factors[node.range])
    let offset = node.split - node.range.lowerBound
    // Cut positions are counted in the canonical direction, so that a run and its transpose agree.
    return Step(factors: key.factors, split: key.isTransposed ? node.range.count - offset : offset)
  }

  /// Seconds of all multiplications of a choice, shared ones once.
  private func cost(_ choice: [Int]) -> Double {
    var isCounted = Array(repeating: false, count: times.count)
    var sum = 0.0
    for (chain, candidate) in choice.enumerated() {
      for step in candidates[chain][candidate].steps where !isCounted[step] {
        isCounted[step] = true
        sum += times[step]
      }
    }
    return sum
  }

  /// The association of each chain. The same input gives the same choice.
  func choose() -> [Association] {
    var best = starts[0]
    var bestCost = Double.infinity
    for start in starts {
      let choice = descend(from: start)
      let cost = cost(choice)
      if cost < bestCost { (best, bestCost) = (choice, cost) }
    }
    return zip(candidates, best).map { $0[$1].association }
  }

  /// Changes one chain at a time, to its best candidate given the others, until nothing improves.
  private func descend(from start: [Int]) -> [Int] {
    var choice = start
    var known = cost(choice)
    var improves = true
    while improves {
      improves = false
      for chain in choice.indices {
        for candidate in candidates[chain].indices {
          var changed = choice
          changed[chain] = candidate
          let cost = cost(changed)
          // A relative margin keeps rounding from moving the choice back and forth.
          if cost < known * (1 - 1e-12) { (choice, known, improves) = (changed, cost, true) }
        }
      }
    }
    return choice
  }
}
