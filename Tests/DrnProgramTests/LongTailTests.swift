import DrnData
import DrnMethods
import DrnProgram
import Testing

@Suite("Long tails") struct LongTailTests {
  private func counts(_ ratio: Int, of available: [Int]) -> [Int] {
    LongTail(options: Options(["ratio": .integer(ratio)])).counts(of: available)
  }

  @Test("CIFAR-100 keeps the published numbers of examples", arguments: [(100, 10_847), (50, 12_608), (10, 19_573)])
  func cifar(_ ratio: Int, _ total: Int) {
    let kept = counts(ratio, of: [Int](repeating: 500, count: 100))
    #expect(kept.reduce(0, +) == total && kept.first == 500 && kept.last == 500 / ratio)
  }

  @Test("ten classes of 6000 at a ratio of 100 keep 6000, 3596 and so on to 60")
  func fashion() {
    let kept = counts(100, of: [Int](repeating: 6000, count: 10))
    #expect(kept == [6000, 3596, 2156, 1292, 774, 464, 278, 166, 100, 60] && kept.reduce(0, +) == 14_886)
  }

  @Test("a class keeps what it has where that is less, and one example where the rule leaves none")
  func limits() {
    #expect(counts(4, of: [100, 10, 100]) == [100, 10, 25])
    #expect(counts(1_000_000, of: [5, 5, 0]) == [5, 1, 0])
    #expect(counts(3, of: []) == [] && counts(3, of: [7]) == [7])
  }
}
