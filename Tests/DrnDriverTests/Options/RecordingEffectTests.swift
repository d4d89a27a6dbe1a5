import DrnData
import DrnJSON
import DrnMethods
import DrnProgram
import DrnSema
import DrnTestSupport
import Foundation
import Testing

@testable import DrnTrain

/// Recordings as examples: every option changes the run, and `model.json` says how frames are made.
@Suite("Recordings in a run") struct RecordingEffectTests {
  private let folder: TemporaryFolder

  /// Two folders of 24 recordings of 300 samples: 3 labels, 2 speakers and 4 takes. In the second each is one sample later.
  init() throws {
    folder = try TemporaryFolder()
    for (name, delay) in [("one", 0), ("two", 1)] {
      try FileManager.default.createDirectory(atPath: folder(name), withIntermediateDirectories: true)
      for label in 0..<3 {
        for speaker in 0..<2 {
          for take in 0..<4 {
            let samples = (0..<300).map { Int16(9000 * sin(Double(($0 + delay) * (label * 40 + speaker * 7 + take + 20)) / 100)) }
            try Data(Self.wave(samples)).write(
              to: URL(fileURLWithPath: folder("\(name)/\(label)_\(speaker == 0 ? "ann" : "bob")_\(take).wav")))
          }
        }
      }
    }
  }

  /// A WAV file of 16 bits and 8000 samples a second.
  private static func wave(_ samples: [Int16]) -> [UInt8] {
    func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] { withUnsafeBytes(of: number.littleEndian) { [UInt8]($0) } }
    let size = UInt32(2 * samples.count)
    let start = Array("RIFF".utf8) + bytes(size + 36) + Array("WAVEfmt ".utf8) + bytes(UInt32(16)) + bytes(UInt16(1)) + bytes(UInt16(1))
    return start + bytes(UInt32(8000)) + bytes(UInt32(16_000)) + bytes(UInt16(2)) + bytes(UInt16(16)) + Array("data".utf8) + bytes(size)
      + samples.flatMap(bytes)
  }

  private func program(_ audio: [String: String] = [:], _ mel: [String: String] = [:], input: String = "tensor[6, 4]") -> OptionProgram {
    let given = ["name": "\"{label}_{speaker}_{take}.wav\"", "rate": "8000", "test_share": "25%"].merging(audio) { $1 }.filter {
      !$1.isEmpty
    }
    let frames = ["window": "64", "hop": "32", "bands": "4"].merging(mel) { $1 }
    func list(_ options: [String: String]) -> String {
      options.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
    }
    return OptionProgram().with {
      $0.source = "audio(" + list(given.merging(["folder": "\"\(folder(audio["folder"] ?? "one"))\""]) { $1 }) + ")"
      $0.input = input
      $0.data = ["prepare: [log_mel(\(list(frames))), standardize(per: channel)]"]
      $0.network = "return x |> flatten |> head: linear(3)"
    }
  }

  @Test("every option has an effect") func options() throws {
    let pairs: [(option: String, programs: [OptionProgram])] = [
      ("audio(folder)", [program(["folder": "one"]), program(["folder": "two"])]),
      ("audio(name)", [program(["name": "\"{label}_{speaker}_{take}.wav\""]), program(["name": "\"{rest}_{label}_{take}.wav\""])]),
      ("audio(test)", [program(["test": "\"take < 1\"", "test_share": ""]), program(["test": "\"take > 2\"", "test_share": ""])]),
      ("audio(test_share)", [program(["test_share": "25%"]), program(["test_share": "50%"])]),
      (
        "audio(lengths)",
        ["false", "true"].map { lengths in
          program(["lengths": lengths], input: "tensor[12, 4]").with { $0.network = "return x |> mean_over_time |> head: linear(3)" }
        }
      ),
      ("audio(rate)", [program(), program(["rate": "16000"])]),
      ("log_mel(window)", [program(), program([:], ["window": "63"])]),
      ("log_mel(hop)", [program(), program([:], ["hop": "40"])]),
      ("log_mel(bands)", [program(), program([:], ["bands": "5"], input: "tensor[6, 5]")]),
    ]
    let named = Set(pairs.map(\.option))
    let specs = [AudioSource.spec, LogMel.spec]
    for spec in specs {
      for option in spec.options {
        #expect(named.contains("\(spec.name)(\(option.name))"), "\(spec.name)(\(option.name)) is new: give it two values that differ")
      }
    }
    for (option, programs) in pairs {
      let sights = programs.map(\.sight)
      #expect(Set(sights).count == 2 && sights[0] != .refused, "\(option)")
    }
  }

  @Test("sequences are masked and shifted, and each option of that has an effect") func augmentations() {
    let calls = [
      "time_shift(1)", "time_shift(3)", "spec_augment(frequency: 2, time: 3)", "spec_augment(frequency: 3, time: 3)",
      "spec_augment(frequency: 2, time: 4)", "spec_augment(frequency: 2, time: 3, masks: 2)",
    ]
    let sights = calls.map { call in program().with { $0.data.append("augment: \(call)") }.sight }
    #expect(Set(sights).count == calls.count && !sights.contains(.refused))
  }

  @Test("model.json has the names of the classes and how frames are made") func description() throws {
    let text = program().text
    let trainer = try Trainer(
      program: try checkedProgram(text), source: RunSource(text: Array(text.utf8), configuration: "", version: "test"),
      options: TrainOptions(threads: 1, output: folder("run")), observer: nil)
    _ = try trainer.run()
    let model = try JSON(reading: contents(folder("run/model.json")))
    #expect(model[["output", "classes"]]?.items?.compactMap(\.text) == ["0", "1", "2"])
    let frames = try #require(model["input"]?["log_mel"])
    let expected = [("rate", 8000), ("window", 64), ("hop", 32), ("points", 64), ("bands", 4)]
    for (name, value) in expected { #expect(frames[name] == .integer(value)) }
    #expect(frames["floor"] == .number(1e-6))
    #expect(model[["input", "prepare", "mean"]]?.items?.count == 4)
    #expect(trainer.data.test?.count == 6 && trainer.data.training.shape == [6, 4])
  }
}
