import DrnNumbers
import Testing

@testable import DrnData

/// What is counted beforehand, against what is drawn.
@Suite("Counting steps") struct BatchPlanTests {
  private typealias Update = BatchPlan.Update

  @Test("the count of training examples is that of the draw, for any classes, shares and sizes")
  func trainedCount() {
    // Numbers of a linear congruence (Knuth's MMIX), the high bits.
    var state: UInt64 = 7
    func draw(_ bound: UInt64) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % bound)
    }
    for _ in 0..<400 {
      let count = 1 + draw(60)
      let classes = 1 + draw(12)
      let labels = (0..<count).map { _ in Int32(draw(UInt64(classes))) }
      let (validations, shares): ([Rational], [Rational]) = ([0, 0.01, 0.2, 0.5, 0.99], [1, 0.5, 0.3, 0.05, 0.000001])
      let (validation, share) = (validations[draw(5)], shares[draw(5)])
      for labels in [labels, nil] {
        let split = Split.make(labels: labels, count: count, validationFraction: validation, seed: 1)
        let used = Split.sample(split.train, labels: labels, share: share, seed: 1).count
        let counted = Split.trainedCount(
          of: count, classes: labels.map { Set($0).count }, validationFraction: validation, share: share)
        #expect(counted == used, "\(count) examples, \(labels.map { Set($0).count } ?? 0) classes, \(validation), \(share)")
      }
    }
  }

  @Test("the counts of each class after the validation split are those of the split, whatever the sizes")
  func trainedCounts() {
    for sizes in [[10, 10, 10], [50, 7, 20], [1, 1, 1], [0, 9, 3, 0, 40], [3]] {
      let labels = sizes.enumerated().flatMap { [Int32](repeating: Int32($0), count: $1) }
      for validation in [0, 0.05, 0.2, 0.5, 0.99] as [Rational] {
        let split = Split.make(labels: labels, count: labels.count, validationFraction: validation, seed: 3)
        let left = sizes.indices.map { label in split.train.filter { labels[$0] == Int32(label) }.count }
        #expect(Split.trainedCounts(of: sizes, validationFraction: validation) == left, "\(sizes), \(validation)")
      }
    }
  }

  @Test("a choice by class keeps its numbers, and of a smaller number a part of those of a larger one")
  func choice() {
    let labels = (0..<60).map { Int32($0 % 3) }
    func kept(_ numbers: [Int], seed: UInt64 = 1) -> [Int] {
      Split.sample(Array(0..<60), labels: labels, classes: 3, seed: seed) { available in
        #expect(available == [20, 20, 20])
        return numbers
      }
    }
    let (large, small) = (kept([20, 12, 5]), kept([20, 8, 1]))
    #expect((0..<3).map { label in large.filter { labels[$0] == Int32(label) }.count } == [20, 12, 5])
    #expect(Set(small).isSubset(of: large) && small.count == 29 && small == small.sorted())
    #expect(kept([20, 12, 5], seed: 2) != large)
  }

  @Test("the updates of a plan are the batches of the sampler, and their parts are equal and no larger than a batch")
  func updates() {
    for examples in 1...40 {
      for (batch, accumulation) in [(1, 1), (4, 1), (4, 2), (4, 4), (7, 3), (64, 2)] {
        for lastBatch in BatchSampler.LastBatch.allCases {
          let plan = BatchPlan(examples: examples, batch: batch, accumulation: accumulation, lastBatch: lastBatch)
          let sampler = BatchSampler(
            indices: Array(0..<examples), batchSize: batch * accumulation, seed: 1, lastBatch: lastBatch)
          let sizes = (0..<sampler.stepsPerEpoch).map { sampler.batch($0, epoch: 0).count }
          #expect(plan.stepsPerEpoch == sizes.count)
          let expected = sizes.isEmpty ? [] : (1..<sizes.count).map { _ in plan.whole.examples } + [(plan.rest ?? plan.whole).examples]
          #expect(sizes == expected, "\(examples) examples in \(accumulation) x \(batch), \(lastBatch)")
        }
      }
    }
  }

  @Test("a smaller update is divided into the fewest equal parts, or is one part where there are none")
  func parts() {
    func rest(_ examples: Int, _ batch: Int, _ accumulation: Int) -> Update? {
      BatchPlan(examples: examples, batch: batch, accumulation: accumulation, lastBatch: .keep).rest
    }
    #expect(rest(50, 16, 1) == Update(size: 2, parts: 1))
    #expect(rest(56, 4, 4) == Update(size: 4, parts: 2))
    #expect(rest(59, 4, 4) == Update(size: 11, parts: 1))
    #expect(rest(23, 4, 4) == Update(size: 1, parts: 7))
    #expect(rest(48, 16, 1) == nil)
    let unknown = BatchPlan(examples: nil, batch: 16, accumulation: 2, lastBatch: .keep)
    #expect(unknown.stepsPerEpoch == nil && unknown.whole == Update(size: 16, parts: 2) && unknown.rest == nil)
  }

  @Test("where something is kept for each part, no update has more parts than a whole one") func keptParts() {
    func rest(_ examples: Int, keepsParts: Bool) -> BatchPlan.Update? {
      BatchPlan(examples: examples, batch: 2, accumulation: 3, lastBatch: .keep, keepsParts: keepsParts).rest
    }
    #expect(rest(29, keepsParts: false) == BatchPlan.Update(size: 1, parts: 5))
    #expect(rest(29, keepsParts: true) == BatchPlan.Update(size: 5, parts: 1))
    #expect(rest(28, keepsParts: true) == BatchPlan.Update(size: 2, parts: 2))
    for examples in 6...80 { #expect((rest(examples, keepsParts: true)?.parts ?? 1) <= 3) }
  }
}
