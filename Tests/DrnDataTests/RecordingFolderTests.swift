import DrnNumbers
import DrnTestSupport
import Testing

@testable import DrnData

@Suite("Folders of recordings") struct RecordingFolderTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func reader(
    _ pattern: String = "{label}_{speaker}_{take}.wav", test: String? = nil, share: Rational = 0, seed: UInt64 = 1, rate: Int = 8000
  ) throws -> RecordingReader {
    let pattern = try NamePattern(pattern)
    let condition = try test.map { test throws(DataError) in try FieldCondition(test, fields: pattern.fields) }
    return RecordingReader(
      path: folder.path, pattern: pattern, test: condition, testShare: share, seed: seed,
      frames: LogMelFrames(rate: rate, window: 4, hop: 2, bands: 1), length: 3)
  }

  /// A recording of some samples that tell it from others.
  private func write(_ name: String, _ value: Int = 1) throws {
    let samples = (0..<6).flatMap { littleEndian(Int16(truncatingIfNeeded: ($0 * 37 + 11) * value * 50)) }
    _ = try folder.write(name, WaveBytes.with { $0.samples = samples })
  }

  @Test("classes are the labels that occur, examples the files by name; what is no recording is passed over") func load() throws {
    for (index, name) in ["10_ann_0.wav", "9_ann_0.wav", "9_bob_1.WAV", "10_bob_7.wav"].enumerated() {
      try write(name.replacing("WAV", with: "wav"), index + 1)
    }
    _ = try folder.write("README.md", "words")
    _ = try folder.write(".hidden_a_1.wav", "none")
    let content = try reader().load()
    #expect(content.classes == ["9", "10"] && content.test == nil)
    #expect(content.train.labels == [1, 1, 0, 0] && content.train.shape == [3, 1] && content.train.count == 4)
    #expect(Set(content.train.features).count > 8)
    #expect(try reader().header() == DataHeader(examples: 4, shape: [3, 1], classes: 2, hasExactClasses: true))
    #expect(try reader().readLabels() == content.train.labels)
    #expect(try reader().load() == content)
    try write("yes_ann_0.wav")
    #expect(try reader().load().classes == ["10", "9", "yes"])
  }

  @Test(
    "a condition on a field says which are the test",
    arguments: [
      ("take < 2", 4), ("take <= 2", 6), ("take == 1", 2), ("take != 1.0", 6), ("take >= 3", 2), ("take>2", 2), ("speaker == ann", 4),
      ("speaker != ann", 4), ("speaker==bob", 4),
    ])
  func conditions(_ test: String, _ count: Int) throws {
    for take in 0..<4 {
      for speaker in ["ann", "bob"] { try write("\(speaker == "ann" ? 0 : take % 2)_\(speaker)_\(take).wav", take + 1) }
    }
    // Every class has a recording on either side.
    for take in 0..<4 { try write("1_ann_\(take).wav"); try write("0_bob_\(take).wav") }
    for take in 0..<4 { try write("1_bob_\(take).wav") }
    let content = try reader(test: test).load()
    #expect(content.test?.count == 2 * count && content.train.count == 16 - 2 * count)
    #expect(try reader(test: test).header().examples == 16 - 2 * count)
  }

  @Test("without one a share of each class is drawn, by the seed") func share() throws {
    for index in 0..<20 { try write("\(index % 2)_ann_\(index).wav", index) }
    let content = try reader(share: 0.3).load()
    #expect(content.train.labels.count { $0 == 0 } == 7 && content.test?.labels.count { $0 == 0 } == 3)
    #expect(try reader(share: 0.3, seed: 2).load() != content)
    #expect(try reader(share: 0.3).header().examples == 14)
  }

  @Test("what does not fit is named") func misfits() throws {
    func failure(_ reader: RecordingReader) -> DataError? {
      #expect(throws: DataError.self) { _ = try reader.header() }
    }
    #expect(failure(try reader())?.kind == .empty)
    try write("0_ann_1.wav")
    try write("1_ann_1.wav")
    try write("1_ann.wav")
    let misfit = failure(try reader())
    #expect(misfit?.path.hasSuffix("/1_ann.wav") == true && misfit?.message == "does not fit the pattern of the names")
    #expect(
      failure(try reader("{label}_{take}.wav", test: "take < 5"))?.message
        == "has \"ann_1\" as its field `take`, and `take < 5` needs a number")
    #expect(failure(try reader("{label}_{rest}.wav", test: "rest == nobody"))?.message.contains("no recording with rest == nobody") == true)
    #expect(failure(try reader("{label}_{rest}.wav", test: "label == 1"))?.kind == .labelOutOfRange)
    #expect(failure(try reader("{label}_{rest}.wav", rate: 44_100))?.message == "has 8000 samples a second, not 44100")
    let absent = RecordingReader(
      path: folder.path + "/none", pattern: try NamePattern("{label}.wav"), test: nil, testShare: 0, seed: 1,
      frames: LogMelFrames(rate: 8000, window: 4, hop: 2, bands: 1), length: 3)
    #expect(failure(absent)?.kind == .missingFile)
    let huge = RecordingReader(
      path: folder.path, pattern: try NamePattern("{label}_{rest}.wav"), test: nil, testShare: 0, seed: 1,
      frames: LogMelFrames(rate: 8000, window: 4, hop: 2, bands: 1), length: 1 << 50)
    let tooLarge = #expect(throws: DataError.self) { _ = try huge.load() }
    #expect(tooLarge?.kind == .tooLarge)
  }

  @Test("of several that cannot be read the first in order is reported") func first() throws {
    for index in 0..<300 { try write("0_ann_\(1000 + index).wav") }
    for index in [1150, 1290] { _ = try folder.write("0_ann_\(index).wav", WaveBytes.with { $0.channels = 2 }) }
    for _ in 0..<5 {
      let error = #expect(throws: DataError.self) { _ = try reader().load() }
      #expect(error?.path.hasSuffix("0_ann_1150.wav") == true)
    }
  }

  @Test("a pattern takes names apart, each field as short as it can be") func patterns() throws {
    let pattern = try NamePattern("{label}_{speaker}_{take}.wav")
    #expect(pattern.match("0_ann_3.wav") == ["label": "0", "speaker": "ann", "take": "3"])
    #expect(pattern.match("0_ann_lee_3.wav") == ["label": "0", "speaker": "ann", "take": "lee_3"])
    #expect(pattern.match("0_ann_3.wav.wav") == ["label": "0", "speaker": "ann", "take": "3.wav"])
    for name in ["0_ann.wav", "0__3.wav", "_ann_3.wav", "0_ann_.wav", "0_ann_3.mp3", "0_ann_3.wav ", "", ".wav"] {
      #expect(pattern.match(name) == nil, "\(name)")
    }
    #expect(try NamePattern("take-{take}-{label}").match("take-1-ü") == ["take": "1", "label": "ü"])
    #expect(try NamePattern("fixed.wav").match("fixed.wav") == [:])
    for wrong in ["{label", "label}", "{}", "{a b}", "{1a}", "{a}{b}", "{a}_{a}", "{{a}}"] {
      #expect(throws: DataError.self, "\(wrong)") { try NamePattern(wrong) }
    }
  }

  @Test("a condition that cannot be read is refused") func unreadable() {
    for wrong in [
      "", "take", "take < ", "< 5", "take = 5", "take => 5", "take < five", "size < 5", "take < 5 < 6", "take == ", "take <> 5",
    ] {
      #expect(throws: DataError.self, "\(wrong)") { try FieldCondition(wrong, fields: ["label", "take"]) }
    }
  }
}
