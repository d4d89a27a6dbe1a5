import DrnData
import Testing

@Suite("Counter-based random numbers")
struct RandomStreamTests {
  private let stream = RandomStream(seed: 7, purpose: "initial", name: "stem.weight")

  @Test(
    "Philox4x32-10 gives the known answers of its authors' library",
    arguments: [
      ([0, 0, 0, 0], [0, 0], [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8]),
      ([.max, .max, .max, .max], [.max, .max], [0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD]),
      (
        [0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344], [0xA409_3822, 0x299F_31D0],
        [0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1]
      ),
    ] as [([UInt32], [UInt32], [UInt32])])
  func knownAnswers(counter: [UInt32], key: [UInt32], expected: [UInt32]) {
    let words = Philox4x32.block(counter: (counter[0], counter[1], counter[2], counter[3]), key: (key[0], key[1]))
    #expect([words.0, words.1, words.2, words.3] == expected)
  }

  @Test("seed, purpose, name and derivation each give another stream; the same ones give the same")
  func keys() {
    let streams = [
      stream, RandomStream(seed: 8, purpose: "initial", name: "stem.weight"), RandomStream(seed: 7, purpose: "order", name: "stem.weight"),
      RandomStream(seed: 7, purpose: "initial", name: "stem.bias"), RandomStream(seed: 7, purpose: "initials", name: "tem.weight"),
      stream.derived(0), stream.derived(1),
    ]
    let starts = streams.map { $0.bits(at: 0) }
    #expect(Set(starts).count == streams.count)
    #expect(RandomStream(seed: 7, purpose: "initial", name: "stem.weight").bits(at: 0) == starts[0])
  }

  @Test("bulk and single access agree at every position")
  func bulk() {
    for count in [0, 1, 4, 7] {
      #expect(stream.uniforms(count: count) == (0..<count).map { stream.uniform(at: UInt64($0)) })
      #expect(stream.normals(count: count) == (0..<count).map { stream.normal(at: UInt64($0)) })
    }
    #expect(stream.normals(count: -1) == [])
  }

  @Test("uniform numbers stay in [0, 1) with the moments of the distribution")
  func uniform() {
    let values = stream.uniforms(count: 20_000).map { Double($0) }
    #expect(values.allSatisfy { $0 >= 0 && $0 < 1 })
    // Standard errors are 0.0020 for the mean and 0.0005 for the variance; five of them are allowed.
    #expect(abs(mean(values) - 0.5) < 0.0102)
    #expect(abs(mean(values.map { ($0 - 0.5) * ($0 - 0.5) }) - 1.0 / 12) < 0.0027)
  }

  @Test("normal numbers have mean 0, variance 1, no skew and kurtosis 3, and neighbours do not correlate")
  func normal() {
    let values = stream.normals(count: 20_000).map { Double($0) }
    // Five standard errors: sqrt(1/n), sqrt(2/n), sqrt(15/n), sqrt(96/n) and sqrt(1/n).
    #expect(abs(mean(values)) < 0.036)
    #expect(abs(mean(values.map { $0 * $0 }) - 1) < 0.05)
    #expect(abs(mean(values.map { $0 * $0 * $0 })) < 0.14)
    #expect(abs(mean(values.map { $0 * $0 * $0 * $0 }) - 3) < 0.35)
    #expect(abs(mean(zip(values, values.dropFirst()).map { $0 * $1 })) < 0.036)
  }

  @Test("bounded integers are in range and even, also where a quarter of the draws must be replaced")
  func bounded() {
    var counts = [Int](repeating: 0, count: 5)
    for index in 0..<10_000 { counts[Int(stream.integer(below: 5, at: UInt64(index)))] += 1 }
    // Each count is binomial with standard deviation 40; five of them are allowed.
    #expect(counts.allSatisfy { abs($0 - 2000) < 200 })
    // Without replacement every third integer below this bound would come twice as often as the others.
    let bound = UInt64(3) << 62
    let large = (0..<1000).map { stream.integer(below: bound, at: UInt64($0)) }
    #expect(large.allSatisfy { $0 < bound })
    #expect(abs(mean(large.map { Double($0) / Double(bound) }) - 0.5) < 0.046)
    #expect(abs(large.count { $0 % 3 == 0 } - 333) < 75)
    #expect(stream.integer(below: 0, at: 1) == 0 && stream.integer(below: 1, at: 1) == 0)
  }

  @Test("permutations hold every index once, differ between epochs and are even over small orders")
  func permutations() {
    let order = stream.permutation(count: 100, epoch: 3)
    #expect(order.sorted() == Array(0..<100))
    #expect(order == stream.permutation(count: 100, epoch: 3) && order != stream.permutation(count: 100, epoch: 4))
    #expect(stream.permutation(count: 0) == [] && stream.permutation(count: -5) == [] && stream.permutation(count: 1) == [0])
    var counts: [[Int]: Int] = [:]
    for epoch in 0..<6000 { counts[stream.permutation(count: 3, epoch: epoch), default: 0] += 1 }
    // Six orders of 1000 each with standard deviation 29; five of them are allowed.
    #expect(counts.count == 6 && counts.values.allSatisfy { abs($0 - 1000) < 145 })
  }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
}
