import DrnMethods
import DrnProgram
import Testing

@testable import DrnData

@Suite("Augmentation of sequences") struct SequenceAugmentationTests {
  private static let (positions, features) = (12, 5)
  private static let sequence = (1...60).map(Float.init)

  private func apply(_ step: any DataAugmentation, epoch: Int, example: Int) throws -> [Float] {
    let pipeline = try #require(AugmentationPipeline([step], shape: [Self.positions, Self.features], seed: 7))
    var values = Self.sequence
    var scratch = [Float](repeating: .nan, count: values.count)
    values.withUnsafeMutableBufferPointer { values in
      scratch.withUnsafeMutableBufferPointer { scratch in
        guard let base = values.baseAddress, let scratch = scratch.baseAddress else { return }
        pipeline.apply(to: base, scratch: scratch, epoch: epoch, example: example)
      }
    }
    return values
  }

  private func stream(_ name: String, epoch: Int, example: Int) -> RandomStream {
    RandomStream(seed: 7, purpose: "augment", name: name).derived(UInt64(epoch)).derived(UInt64(example))
  }

  private static func draw(_ word: UInt32, _ bound: Int) -> Int { Int(Double(word) / 4_294_967_296 * Double(bound)) }

  @Test("a shift moves positions and fills with zeros", arguments: [1, 3, 11]) func shift(_ most: Int) throws {
    var moves: Set<Int> = []
    for example in 0..<200 {
      let move = Self.draw(stream("time_shift", epoch: 2, example: example).bits(at: 0), 2 * most + 1) - most
      let expected = (0..<60).map { index in
        let source = index + move * Self.features
        return Self.sequence.indices.contains(source) ? Self.sequence[source] : 0
      }
      let step = TimeShift(options: Options(["positions": .integer(most)]))
      #expect(try apply(step, epoch: 2, example: example) == expected)
      moves.insert(move)
    }
    #expect(moves.count == 2 * most + 1)
  }

  @Test("masks are bands of features and stretches of positions", arguments: [(3, 4, 1), (2, 5, 2), (0, 3, 3), (4, 0, 2)])
  func masks(_ frequency: Int, _ time: Int, _ masks: Int) throws {
    var covered = Set<[Int]>()
    for example in 0..<200 {
      let stream = stream("spec_augment", epoch: 1, example: example)
      var hidden = [Bool](repeating: false, count: 60)
      var drawn: [Int] = []
      for mask in 0..<masks {
        let words = (0..<4).map { stream.bits(at: UInt64(4 * mask + $0)) }
        let width = Self.draw(words[0], frequency + 1)
        let left = Self.draw(words[1], Self.features - width + 1)
        let length = Self.draw(words[2], time + 1)
        let top = Self.draw(words[3], Self.positions - length + 1)
        drawn += [width, length]
        for index in 0..<60 {
          let (position, feature) = (index / Self.features, index % Self.features)
          if (left..<left + width).contains(feature) || (top..<top + length).contains(position) { hidden[index] = true }
        }
      }
      let step = SpecAugment(options: Options(["frequency": .integer(frequency), "time": .integer(time), "masks": .integer(masks)]))
      #expect(try apply(step, epoch: 1, example: example) == zip(Self.sequence, hidden).map { $1 ? 0 : $0 })
      covered.insert(drawn)
    }
    // Every length of a first band and stretch occurs.
    #expect(Set(covered.map { $0[0] }).count == frequency + 1 && Set(covered.map { $0[1] }).count == time + 1)
  }

  @Test("a mask longer than the example hides all of it, and nothing beyond") func long() throws {
    let step = SpecAugment(options: Options(["frequency": .integer(4096), "time": .integer(4096), "masks": .integer(4)]))
    #expect(try apply(step, epoch: 0, example: 0).allSatisfy { $0 == 0 })
  }
}
