import DrnTestSupport

/// Random choices that follow from a seed alone.
struct Dice {
  private var generator: SplitMix64
  init(seed: UInt64) { generator = SplitMix64(seed: seed &* 0x9E37_79B9_7F4A_7C15) }

  mutating func next() -> UInt64 { generator.next() }

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
