/// Joins neighbouring tokens by a list of pairs, those earlier in it first and, of equal pairs, the leftmost (Sennrich et al. 2016,
/// arXiv 1508.07909).
struct BytePairMerging: Sendable {
  /// What a pair becomes, and its place in the list.
  struct Merge: Sendable {
    let rank: Int
    let result: Int32
  }

  private struct Pair: Hashable {
    let left: Int32
    let right: Int32
  }

  private var merges: [Pair: Merge] = [:]

  /// Whether a pair is in the list.
  func has(_ left: Int32, _ right: Int32) -> Bool { merges[Pair(left: left, right: right)] != nil }

  /// Puts a pair at the end of the list.
  mutating func append(_ left: Int32, _ right: Int32, becoming result: Int32) {
    merges[Pair(left: left, right: right)] = Merge(rank: merges.count, result: result)
  }

  /// A pair that may be joined; one whose left token is another meanwhile is passed over.
  private struct Candidate {
    let rank: Int
    let place: Int

    static func < (left: Candidate, right: Candidate) -> Bool { (left.rank, left.place) < (right.rank, right.place) }
  }

  /// The tokens that are left of these when no pair of the list is.
  func apply(to symbols: [Int32]) -> [Int32] {
    var tokens = symbols
    // The place of the token behind and before each that is left; -1 behind the last. A token that went is -1 itself.
    var next = tokens.indices.map { $0 + 1 < tokens.count ? $0 + 1 : -1 }
    var previous = tokens.indices.map { $0 - 1 }
    var queue = Heap<Candidate>(precedes: <)
    func merge(at place: Int) -> Merge? {
      guard place >= 0, tokens[place] >= 0, next[place] >= 0 else { return nil }
      return merges[Pair(left: tokens[place], right: tokens[next[place]])]
    }
    for place in tokens.indices {
      if let found = merge(at: place) { queue.insert(Candidate(rank: found.rank, place: place)) }
    }
    while let candidate = queue.removeFirst() {
      guard let found = merge(at: candidate.place), found.rank == candidate.rank else { continue }
      let place = candidate.place
      let gone = next[place]
      tokens[place] = found.result
      tokens[gone] = -1
      next[place] = next[gone]
      if next[gone] >= 0 { previous[next[gone]] = place }
      for changed in [previous[place], place] {
        if let found = merge(at: changed) { queue.insert(Candidate(rank: found.rank, place: changed)) }
      }
    }
    return tokens.filter { $0 >= 0 }
  }
}

/// A binary heap: the element that precedes all others is taken out first.
private struct Heap<Element> {
  private var elements: [Element] = []
  private let precedes: (Element, Element) -> Bool

  init(precedes: @escaping (Element, Element) -> Bool) { self.precedes = precedes }

  mutating func insert(_ element: Element) {
    elements.append(element)
    var child = elements.count - 1
    while child > 0, precedes(elements[child], elements[(child - 1) / 2]) {
      elements.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func removeFirst() -> Element? {
    guard let first = elements.first, let last = elements.popLast() else { return nil }
    guard !elements.isEmpty else { return first }
    elements[0] = last
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < elements.count && precedes(elements[child], elements[least]) {
        least = child
      }
      guard least != parent else { return first }
      elements.swapAt(parent, least)
      parent = least
    }
  }
}
