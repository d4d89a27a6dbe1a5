import DrnMethods
import DrnSema
import DrnTestSupport
import Foundation
import Testing

@testable import DrnTrain

/// `DRNC_BIT_FLIPS=200` flips so many.
@Suite("Damaged checkpoints") struct RunDamageTests {
  private static let flips = ProcessInfo.processInfo.environment["DRNC_BIT_FLIPS"].flatMap { Int($0) } ?? 16

  private static let text = trainSource(
    """
    length: 5 epochs  batch: 16  rate: 0.05  optimizer: adam()  state: carry
    weights fc1 { from epoch 0: dense  from epoch 3: factored(rank: 4) }
    """)

  @Test("one bit of a checkpoint, of its settings or tensors, is noticed: the one before it is taken, and the run ends with the same bytes")
  func flippedBit() throws {
    let folder = try TemporaryFolder()
    func run(_ name: String, stopAfter: Int? = nil, resumes: Bool = false) throws -> RunDescription? {
      let recorder = RunRecorder()
      try runInFolder(Self.text, folder(name), stopAfter: stopAfter.map { .init(.epoch, $0) }, resumes: resumes, observer: recorder)
      return recorder.description
    }
    _ = try run("whole")
    _ = try run("stopped", stopAfter: 4)
    let sound = Array(try folder.bytes("stopped/checkpoints/epoch-000004.safetensors"))
    let header = sound[0..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    var generator = SplitMix64(seed: 11)
    for index in 0..<Self.flips {
      try? FileManager.default.removeItem(atPath: folder("part"))
      try FileManager.default.copyItem(atPath: folder("stopped"), toPath: folder("part"))
      var bytes = sound
      // Half of them in the header, where the settings are.
      let place = Int.random(in: 0..<(index % 2 == 0 ? header + 8 : bytes.count), using: &generator)
      let bit = UInt8.random(in: 0..<8, using: &generator)
      bytes[place] ^= 1 << bit
      try Data(bytes).write(to: URL(fileURLWithPath: folder("part/checkpoints/epoch-000004.safetensors")))
      let description = try run("part", resumes: true)
      #expect(description?.resumed?.notes.first?.contains("epoch-000004.safetensors` is damaged") == true, "bit \(bit) of byte \(place)")
      #expect(description?.resumed?.path?.hasSuffix("epoch-000003.safetensors") == true)
      for file in ["weights.safetensors", "log.jsonl", "log.csv", "summary.json"] {
        #expect(try folder.bytes("whole/" + file) == folder.bytes("part/" + file), "\(file), bit \(bit) of byte \(place)")
      }
    }
  }
}
