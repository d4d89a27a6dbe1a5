import DrnData
import DrnMethods
import DrnProgram
import Testing

@Suite("Augmentations of short examples") struct ShortExampleTests {
  @Test("an example shorter than it may be moved or silenced keeps a position", arguments: 1...4)
  func short(length: Int) throws {
    let shift = TimeShift(options: Options(defaultsOf: TimeShift.spec).replacing(["positions": .integer(8)]))
    let silence = SpecAugment(
      options: Options(defaultsOf: SpecAugment.spec).replacing(["frequency": .integer(0), "time": .integer(10), "masks": .integer(1)]))
    for step in [shift, silence] as [any Augmentation] {
      let pipeline = try #require(AugmentationPipeline([step], shape: [12, 2], seed: 4))
      var changed = false
      for example in 0..<200 {
        var values = (0..<24).map { Float($0 + 1) }
        var scratch = values
        values.withUnsafeMutableBufferPointer { values in
          scratch.withUnsafeMutableBufferPointer { scratch in
            guard let own = values.baseAddress, let room = scratch.baseAddress else { return }
            pipeline.apply(to: own, scratch: room, epoch: 0, example: example, length: length)
          }
        }
        #expect(values.prefix(2 * length).contains { $0 != 0 }, "\(step.name) leaves nothing of \(length) positions")
        #expect(values.dropFirst(2 * length).elementsEqual((2 * length..<24).map { Float($0 + 1) }))
        if values[..<(2 * length)].contains(0) { changed = true }
      }
      #expect(changed == (length > 1), "\(step.name)")
    }
  }
}
