/// Random choices that follow from a seed alone: SplitMix64 (Steele, Lea and Flood 2014).
struct Dice {
  private var state: UInt64
  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func number(_ range: ClosedRange<Int>) -> Int { range.lowerBound + Int(next() % UInt64(range.count)) }
  /// True in so many of a hundred cases.
  mutating func chance(_ percent: Int) -> Bool { number(1...100) <= percent }
  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[number(0...elements.count - 1)] }
  /// A text in so many of a hundred cases, else none.
  mutating func maybe(_ percent: Int, _ text: (inout Dice) -> String) -> [String] { chance(percent) ? [text(&self)] : [] }
  /// `count` numbers of a range, ascending, each once.
  mutating func numbers(_ count: Int, of range: ClosedRange<Int>) -> [Int] {
    var chosen: Set<Int> = []
    while chosen.count < min(count, range.count) { chosen.insert(number(range)) }
    return chosen.sorted()
  }
}
