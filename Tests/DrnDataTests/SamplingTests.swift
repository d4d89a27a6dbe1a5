import DrnNumbers
import Testing

@testable import DrnData

@Suite("Splits and batches")
struct SamplingTests {
  /// 60 of class 0, 30 of class 1, 9 of class 4, 1 of class 7.
  private let labels = (0..<100).map { Int32($0 < 60 ? 0 : $0 < 90 ? 1 : $0 < 99 ? 4 : 7) }

  private func counts(_ indices: [Int]) -> [Int] { [0, 1, 4, 7].map { label in indices.count { labels[$0] == label } } }

  @Test("a stratified split takes each class in proportion and every example once")
  func stratified() {
    let split = Split.make(labels: labels, count: 100, validationFraction: 0.1, seed: 1)
    #expect(counts(split.validation) == [6, 3, 1, 0])
    #expect((split.train + split.validation).sorted() == Array(0..<100))
    #expect(split.train == split.train.sorted() && split.validation == split.validation.sorted())
  }

  @Test("a part of a count is the nearest whole number of examples, half of one rounded up")
  func parts() {
    for percent in 0...100 {
      for count in 0...400 {
        let (whole, rest) = (percent * count / 100, percent * count % 100)
        #expect(Split.part(Rational(nearest: Double(percent) / 100), of: count) == whole + (rest >= 50 ? 1 : 0))
      }
    }
  }

  @Test("the split depends on the seed and on nothing else")
  func seeded() {
    let first = Split.make(labels: labels, count: 100, validationCount: 20, seed: 1)
    #expect(first == Split.make(labels: labels, count: 100, validationCount: 20, seed: 1))
    #expect(first.validation != Split.make(labels: labels, count: 100, validationCount: 20, seed: 2).validation)
  }

  @Test("each class keeps an example for training, whatever is asked")
  func keepsOne() {
    let split = Split.make(labels: labels, count: 100, validationCount: 1000, seed: 1)
    #expect(counts(split.train) == [1, 1, 1, 1])
    #expect(Split.make(labels: labels, count: 100, validationFraction: 1, seed: 1).validation.count == 96)
    #expect(Split.make(labels: labels, count: 100, validationFraction: 0, seed: 1).validation == [])
  }

  @Test("without labels any example may be drawn, and the count is exact")
  func plain() {
    let split = Split.make(labels: nil, count: 50, validationFraction: 0.5, seed: 3)
    #expect(split.train.count == 25 && (split.train + split.validation).sorted() == Array(0..<50))
    #expect(Split.make(labels: nil, count: 50, validationCount: 60, seed: 3).train == [])
    #expect(Split.make(labels: nil, count: -1, validationCount: 6, seed: 3).train == [])
  }

  @Test("largest remainders agree with the shares worked out by hand")
  func remainders() {
    // 7 of 10 over sizes 4, 3, 3: quotas 2.8, 2.1, 2.1.
    #expect(Split.apportion(7, sizes: [4, 3, 3], limits: [4, 3, 3]) == [3, 2, 2])
    // Equal remainders go to the earlier group.
    #expect(Split.apportion(1, sizes: [2, 2], limits: [2, 2]) == [1, 0])
    // What a limit cuts off goes elsewhere.
    #expect(Split.apportion(4, sizes: [3, 3], limits: [1, 3]) == [1, 3])
    #expect(Split.apportion(9, sizes: [3, 3], limits: [1, 1]) == [1, 1])
    #expect(Split.apportion(Int.max, sizes: [Int.max / 2, Int.max / 2], limits: [1, 1]) == [1, 1])
  }

  @Test("an epoch visits each example exactly once", arguments: [BatchSampler.LastBatch.keep, .drop])
  func coverage(lastBatch: BatchSampler.LastBatch) {
    let sampler = BatchSampler(indices: Array(stride(from: 1, to: 207, by: 2)), batchSize: 10, seed: 5, lastBatch: lastBatch)
    let batches = (0..<sampler.stepsPerEpoch).map { sampler.batch($0, epoch: 2) }
    let visited = batches.flatMap { $0 }
    #expect(sampler.stepsPerEpoch == (lastBatch == .keep ? 11 : 10))
    #expect(Set(visited).count == visited.count && visited.count == (lastBatch == .keep ? 103 : 100))
    #expect(Set(visited).isSubset(of: sampler.indices))
    #expect(batches.dropLast().allSatisfy { $0.count == 10 })
  }

  @Test("any batch can be had again at once, and epochs differ")
  func randomAccess() {
    let sampler = BatchSampler(indices: Array(0..<64), batchSize: 16, seed: 5, lastBatch: .drop)
    let epoch = sampler.batches(epoch: 9)
    #expect((0..<4).map(epoch.batch) == (0..<4).map { sampler.batch($0, epoch: 9) })
    #expect(sampler.batch(0, epoch: 9) != sampler.batch(0, epoch: 10))
    #expect(sampler.batch(4, epoch: 9) == [] && sampler.batch(-1, epoch: 9) == [])
    #expect(sampler.batch(0, epoch: -1).count == 16)
  }

  @Test("sizes out of range give no batches or small ones, never a trap")
  func extremes() {
    #expect(BatchSampler(indices: [], batchSize: 4, seed: 0, lastBatch: .keep).stepsPerEpoch == 0)
    #expect(BatchSampler(indices: [1], batchSize: 4, seed: 0, lastBatch: .drop).stepsPerEpoch == 0)
    #expect(BatchSampler(indices: [1], batchSize: 0, seed: 0, lastBatch: .drop).batch(0, epoch: 0) == [1])
    #expect(BatchSampler(indices: [1], batchSize: .max, seed: 0, lastBatch: .keep).batch(0, epoch: 0) == [1])
    #expect(BatchSampler.stepsPerEpoch(examples: -3, batchSize: -2, lastBatch: .keep) == 0)
  }
}
