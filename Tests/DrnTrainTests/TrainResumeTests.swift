import DrnMethods
import DrnProgram
import DrnSema
import DrnTensorFile
import DrnTestSupport
import Foundation
import Testing

@testable import DrnTrain

@Suite("Resuming a run") struct TrainResumeTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// Adam's moments carried, running statistics, dropout, a rate that falls in the middle of things, a warm-up after a transition that two
  /// epochs share, an event that counts its firings, and a smaller last batch.
  private func everything(_ more: String = "", seed: Int = 5, rate: String = "cosine(0.02, warmup: 1 epochs)", examples: Int = 126)
    -> String
  {
    trainSource(
      """
      length: 6 epochs  batch: 16  rate: \(rate)  optimizer: adam()  state: carry  rewarm: 2 epochs
      weights fc1 {
        from epoch 0: dense
        from epoch 2: factored(rank: 6)
        from epoch 4: dense
        every 1 epochs: report(effective_rank)
      }
      \(more)
      """,
      network: "return x |> fc1: linear(48) |> norm: batch_norm |> relu |> dropout(0.2) |> head: linear(4)",
      data: "validation: 20%  last_batch: keep  prepare: standardize(per: pixel)", examples: examples
    ).replacingOccurrences(of: "seed: 5", with: "seed: \(seed)")
  }

  private static let files = ["weights.safetensors", "log.jsonl", "log.csv", "summary.json", "config.txt"]

  @discardableResult
  private func run(
    _ text: String, _ name: String, stopAfter: Duration? = nil, every: Int = 1, resumes: Bool = false, version: String = "test"
  ) throws -> RunRecorder {
    let recorder = RunRecorder()
    try runInFolder(
      text, folder(name), stopAfter: stopAfter, checkpoints: every == 0 ? .never : .epochs(every), resumes: resumes, version: version,
      observer: recorder)
    return recorder
  }

  private func expectEqual(_ name: String, _ other: String, _ note: String) throws {
    for file in Self.files { #expect(try folder.bytes(name + "/" + file) == folder.bytes(other + "/" + file), "\(file) \(note)") }
  }

  @Test(
    "a run stopped after some epochs and resumed writes the same bytes as one that was not: before a transition, on it, within a warm-up",
    arguments: [1, 2, 3, 4, 5])
  func sameBytes(_ epochs: Int) throws {
    try run(everything(), "whole")
    try run(everything(), "part", stopAfter: Duration(.epoch, epochs))
    let recorder = try run(everything(), "part", resumes: true)
    #expect(recorder.description?.resumed?.step == epochs * 7)
    #expect(recorder.records("epoch").compactMap { $0.integer("epoch") } == Array(epochs..<6))
    try expectEqual("whole", "part", "after \(epochs) epochs")
  }

  @Test("stopped within an epoch, a run goes on within it; and it can be stopped again and again")
  func withinAnEpoch() throws {
    try run(everything(), "whole")
    try run(everything(), "part", stopAfter: Duration(.step, 17))
    try run(everything(), "part", stopAfter: Duration(.step, 24), resumes: true)
    let last = try run(everything(), "part", resumes: true)
    #expect(last.description?.resumed?.step == 24 && last.description?.resumed?.path?.contains("epoch-000003-step-000003") == true)
    try expectEqual("whole", "part", "after three processes")
  }

  @Test("the best epoch is remembered across processes, with its scores")
  func bestEpoch() throws {
    // A rate that is good until epoch 5 and then ruins the network without diverging.
    let text = everything("clip: 1.0", rate: "step(0.01, factor: 200, at: [epoch 5])")
    try run(text, "whole")
    try run(text, "part", stopAfter: Duration(.epoch, 5))
    try run(text, "part", resumes: true)
    #expect(try folder.text("part/summary.json").contains("\"best_epoch\": 4"))
    try expectEqual("whole", "part", "with the best epoch before the stop")
  }

  @Test("rank events that count their firings go on counting")
  func events() throws {
    let text = trainSource(
      """
      length: 6 epochs  batch: 16  rate: 0.05  optimizer: sgd(momentum: 0.9)
      weights fc1 {
        from epoch 0: core(bases: frozen, rank: 6)
        every 1 epochs: trim(below: 0.5, relative_to: largest, drop_at_most: 1/2, at_least: 1, scope: from_output(50%), state: carry)
      }
      """)
    try run(text, "whole")
    for epochs in [2, 3] {
      let name = "part\(epochs)"
      try run(text, name, stopAfter: Duration(.epoch, epochs))
      try run(text, name, resumes: true)
      try expectEqual("whole", name, "after \(epochs) epochs")
    }
  }

  @Test("real-valued targets are scored and resumed too") func regression() throws {
    let text = """
      data line { source: synthetic(120, test_examples: 24, noise: 0.1)  x: tensor[6]  label: tensor[2]  validation: 20% }
      network net(x: tensor[6]) -> tensor[2] { return x |> fc1: linear(8) |> relu |> head: linear(2) }
      train net on line { loss: mean_squared_error  seed: 5  length: 4 epochs  batch: 16  rate: 0.05  optimizer: sgd(momentum: 0.9) }
      """
    try run(text, "whole")
    try run(text, "part", stopAfter: Duration(.epoch, 2))
    try run(text, "part", resumes: true)
    try expectEqual("whole", "part", "of a regression")
  }

  @Test("checkpoints are written at the interval asked for, the last two are kept, and none changes what is computed")
  func interval() throws {
    func names(_ run: String) -> [String] {
      ((try? FileManager.default.contentsOfDirectory(atPath: folder(run + "/checkpoints"))) ?? []).sorted()
    }
    try run(everything(), "every", every: 1)
    #expect(names("every") == ["epoch-000005.safetensors", "epoch-000006.safetensors"])
    try run(everything(), "second", every: 2)
    #expect(names("second") == ["epoch-000004.safetensors", "epoch-000006.safetensors"])
    try run(everything(), "never", every: 0)
    #expect(names("never") == [])
    try expectEqual("every", "never", "with and without checkpoints")
    try expectEqual("every", "second", "with another interval")
  }

  @Test("a finished run can be resumed and ends as it had ended") func finished() throws {
    try run(everything(), "whole")
    let before = try Self.files.map { try folder.bytes("whole/" + $0) }
    try run(everything(), "whole", resumes: true)
    #expect(try Self.files.map { try folder.bytes("whole/" + $0) } == before)
  }

  @Test("what was logged after the checkpoint, and what a killed process left, is gone after resuming") func leftovers() throws {
    try run(everything(), "whole")
    try run(everything(), "part", stopAfter: Duration(.epoch, 3))
    let log = try #require(FileHandle(forWritingAtPath: folder("part/log.jsonl")))
    try log.seekToEnd()
    try log.write(contentsOf: Data("{\"kind\": \"half a rec".utf8))
    try log.close()
    try Data([1]).write(to: URL(fileURLWithPath: folder("part/checkpoints/.drn-1-0.tmp")))
    try run(everything(), "part", resumes: true)
    try expectEqual("whole", "part", "with leftovers")
    #expect(!FileManager.default.fileExists(atPath: folder("part/checkpoints/.drn-1-0.tmp")))
  }

  // MARK: Refusals

  private func refusal(_ text: String, _ name: String, version: String = "test") -> TrainError? {
    trainError { try run(text, name, resumes: true, version: version) }
  }

  @Test("another source, seed or data set is refused, with what differs and where") func others() throws {
    try run(everything(), "part", stopAfter: Duration(.epoch, 2))
    let seed = try #require(refusal(everything(seed: 6), "part"))
    #expect(seed.kind == .checkpointDiffers && seed.message.contains("`seed: 5`") && seed.message.contains("`seed: 6`"))
    #expect(seed.span != nil)
    let rate = try #require(refusal(everything(rate: "cosine(0.03, warmup: 1 epochs)"), "part"))
    #expect(rate.kind == .checkpointDiffers && rate.message.contains("0.02") && rate.message.contains("0.03"))
    let data = try #require(refusal(everything(examples: 125), "part"))
    #expect(data.kind == .checkpointDiffers && data.message.contains("examples to train on"))
    // A comment changes nothing that is computed.
    #expect(refusal("// a comment\n" + everything(), "part") == nil)
  }

  @Test("the same settings over changed files are refused") func changedData() throws {
    func write(_ value: Int) throws {
      let rows = (0..<60).map { "\($0 % 7),\($0 % 5 + value),\($0 % 3)" }
      try Data(("a,b,label\n" + rows.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: folder("t.csv")))
    }
    let text = """
      data table { source: csv(train: "\(folder("t.csv"))", label: "label")  x: tensor[2]  label: class(3)  examples: 60 }
      network net(x: tensor[2]) -> tensor[3] { return x |> fc1: linear(8) |> relu |> head: linear(3) }
      train net on table { loss: cross_entropy  seed: 5  length: 4 epochs  batch: 16  rate: 0.05  optimizer: sgd() }
      """
    try write(1)
    try run(text, "part", stopAfter: Duration(.epoch, 2))
    try write(2)
    #expect(refusal(text, "part")?.message.contains("examples are not those") == true)
    try write(1)
    #expect(refusal(text, "part") == nil)
  }

  @Test("changed test examples are noticed too") func changedTest() throws {
    func write(_ name: String, _ value: Int) throws {
      let rows = (0..<60).map { "\($0 % 7),\($0 % 5 + value),\($0 % 3)" }
      try Data(("a,b,label\n" + rows.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: folder(name)))
    }
    let text = """
      data table {
        source: csv(train: "\(folder("t.csv"))", test: "\(folder("e.csv"))", label: "label")  x: tensor[2]  label: class(3)  examples: 60
      }
      network net(x: tensor[2]) -> tensor[3] { return x |> fc1: linear(8) |> relu |> head: linear(3) }
      train net on table { loss: cross_entropy  seed: 5  length: 4 epochs  batch: 16  rate: 0.05  optimizer: sgd() }
      """
    try write("t.csv", 1)
    try write("e.csv", 1)
    try run(text, "part", stopAfter: Duration(.epoch, 2))
    try write("e.csv", 2)
    #expect(refusal(text, "part")?.message.contains("the test examples are not those") == true)
    try write("e.csv", 1)
    #expect(refusal(text, "part") == nil)
  }

  @Test("a folder without a run, and one whose run ended without a checkpoint, are refused") func missing() throws {
    #expect(refusal(everything(), "absent")?.kind == .checkpointMissing)
    try run(everything(), "none", stopAfter: Duration(.epoch, 1), every: 0)
    #expect(refusal(everything(), "none")?.kind == .checkpointMissing)
  }

  @Test("a damaged checkpoint gives way to the one before it; when both are damaged, or the log is short, the run is refused")
  func damaged() throws {
    try run(everything(), "whole")
    try run(everything(), "part", stopAfter: Duration(.epoch, 4))
    func flip(_ epoch: Int) throws {
      let path = folder("part/checkpoints/epoch-00000\(epoch).safetensors")
      var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      bytes[bytes.count - 9] ^= 0x40
      try bytes.write(to: URL(fileURLWithPath: path))
    }
    try flip(4)
    let recorder = try run(everything(), "part", resumes: true)
    #expect(recorder.description?.resumed?.step == 21 && recorder.description?.resumed?.notes.first?.contains("epoch-000004") == true)
    try expectEqual("whole", "part", "from the checkpoint before the last")
    for epoch in [5, 6] { try flip(epoch) }
    #expect(refusal(everything(), "part")?.kind == .checkpointDamaged)

    try run(everything(), "short", stopAfter: Duration(.epoch, 4))
    try Data().write(to: URL(fileURLWithPath: folder("short/log.csv")))
    #expect(refusal(everything(), "short")?.kind == .checkpointDamaged)
  }

  @Test("a folder with a run, resumable or not, is never begun anew") func notOverwritten() throws {
    try run(everything(), "part", stopAfter: Duration(.epoch, 1))
    let error = trainError { try run(everything(), "part") }
    #expect(error?.kind == .outputExists && error?.help?.contains("--resume") == true)
  }
}
