import DrnTestSupport
import DrnTrain
import Foundation
import Testing

@testable import DrnDriver

@Suite("--resume DIR alone", .serialized) struct ProcessResumeAloneTests {
  private static let files = ["weights.safetensors", "log.jsonl", "log.csv", "summary.json", "config.txt", "source.drn"]

  @Test("a run keeps its source and what the command line changed: it goes on from any folder, also when the file has changed or is gone")
  func alone() throws {
    let folder = try TemporaryFolder()
    let model = try String(contentsOfFile: Models.path("tiny"), encoding: .utf8)
    try folder.write("net.drn", model)
    let start = ["train", "net.drn", "--threads", "1", "--quiet", "--set", "train.batch=32", "--shorten", "1/2", "--seed", "9"]
    #expect(try Tool.run(start + ["-o", "whole"], folder: folder.path).status == 0)
    #expect(try Tool.run(start + ["-o", "part", "--stop-after", "75 steps"], folder: folder.path).status == 0)
    try FileManager.default.removeItem(atPath: folder.path + "/net.drn")
    let outcome = try Tool.run(["train", "--threads", "1", "--resume", folder.path + "/part"])
    #expect(outcome.status == 0 && outcome.error.contains("in epoch 1 (step 75)"), "\(outcome)")
    for file in Self.files { #expect(try folder.bytes("whole/" + file) == folder.bytes("part/" + file), "\(file)") }
  }

  @Test("--resume needs a file where the folder has none, and always with `latest`")
  func refusals() throws {
    let folder = try TemporaryFolder()
    #expect(try Tool.run(["train"], folder: folder.path).status == 64)
    let latest = try Tool.run(["train", "--resume", "latest"], folder: folder.path)
    #expect(latest.status == 64 && latest.error.contains("Give a file"), "\(latest)")
    let absent = try Tool.run(["train", "--resume", "absent"], folder: folder.path)
    #expect(absent.status == 66 && absent.error.contains("drnc train FILE --resume absent"), "\(absent)")
  }

  @Test(
    "a signal within an epoch leaves a checkpoint of that step, and going on gives the bytes of the whole run",
    arguments: [SIGINT, SIGTERM])
  func withinAnEpoch(_ number: Int32) throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "net.drn",
      """
      data points { source: synthetic(96000, test_examples: 64, noise: 1)  x: tensor[128]  label: class(4)  validation: 1% }
      network net(x: tensor[128]) -> tensor[4] { return x |> fc1: linear(512) |> norm: batch_norm |> relu |> dropout(0.2) |> head: linear(4) }
      train net on points { length: 1 epochs  batch: 24  seed: 2  loss: cross_entropy  optimizer: adam()  rate: cosine(0.01) }
      """)
    let train = ["train", "net.drn", "--threads", "1", "--checkpoint-every", "1 second"]
    #expect(try Tool.run(train + ["-o", "whole"], folder: folder.path).status == 0)
    func steps() -> [String] { folder.names("part/checkpoints").filter { $0.contains("-step-") } }
    let running = try Tool.start(train + ["-o", "part"], folder: folder.path)
    // By the clock there is one within the epoch, which takes some seconds on any machine.
    #expect(running.waits { !steps().isEmpty }, "\(running.errorText)")
    let first = try #require(steps().first)
    running.send(number)
    let stopped = try running.finish()
    #expect(stopped.status == 128 + number && stopped.error.contains("drnc train --resume part"), "\(stopped)")
    #expect(try #require(steps().last) > first)
    let resumed = try Tool.run(["train", "--resume", "part", "--threads", "1"], folder: folder.path)
    #expect(resumed.status == 0 && resumed.error.contains("going on in epoch"), "\(resumed)")
    for file in Self.files { #expect(try folder.bytes("whole/" + file) == folder.bytes("part/" + file), "\(file)") }
  }

  static let intervals: [(text: String, interval: CheckpointInterval?)] = [
    ("5", .epochs(5)), ("5 epochs", .epochs(5)), ("1epoch", .epochs(1)), ("0", .never), ("0 minutes", .never),
    ("10 minutes", .seconds(600)), ("30 seconds", .seconds(30)), ("2 hours", .seconds(7200)), ("-1", nil), ("", nil), ("minutes", nil),
    ("10 weeks", nil), ("1.5 hours", nil), ("1000001", nil), ("99999999999999999999 hours", nil), ("minutes 10", nil),
  ]

  @Test("an interval of checkpoints is a number of epochs or a duration", arguments: intervals.indices)
  func interval(_ index: Int) {
    #expect(TimeText.interval(Self.intervals[index].text) == Self.intervals[index].interval, "\(Self.intervals[index].text)")
  }

  @Test("of several trainings in a file none is taken without a word; check takes all", arguments: ["train", "dump-ir", "benchmark"])
  func several(_ command: String) throws {
    let folder = try TemporaryFolder()
    let model = try String(contentsOfFile: Models.path("tiny"), encoding: .utf8)
    let training = try #require(model.range(of: "train tiny")?.lowerBound)
    try folder.write("two.drn", model + "\n" + model[training...])
    #expect(try Tool.run(["check", "two.drn"], folder: folder.path).status == 0)
    let outcome = try Tool.run([command, "two.drn"], folder: folder.path)
    #expect(outcome.status == 1 && outcome.error.contains("error[DRN0060]: there are 2 `train` declarations"), "\(outcome)")
    #expect(folder.names() == ["two.drn"])
  }

  @Test("one of several trainings is taken by its name, by its number where the network is the same, and resumed as the one it was")
  func named() throws {
    let folder = try TemporaryFolder()
    let model = try String(contentsOfFile: Models.path("tiny"), encoding: .utf8)
    let training = try #require(model.range(of: "train tiny")?.lowerBound)
    try folder.write("two.drn", model + "\n" + model[training...].replacingOccurrences(of: "seed: 1", with: "seed: 77"))
    let stop = ["--stop-after", "1 steps", "--quiet"]
    for (name, folderName) in [("tiny[0]", "a"), ("tiny[1]", "b")] {
      let outcome = try Tool.run(["train", "two.drn", name, "-o", folderName] + stop, folder: folder.path)
      #expect(outcome.status == 0, "\(outcome)")
    }
    #expect(try folder.bytes("a/weights.safetensors") != folder.bytes("b/weights.safetensors"))
    #expect(try Tool.run(["train", "--resume", "b", "--stop-after", "2 steps", "--quiet"], folder: folder.path).status == 0)
    let whole = try Tool.run(["train", "two.drn", "tiny[1]", "-o", "c", "--stop-after", "2 steps", "--quiet"], folder: folder.path)
    #expect(try whole.status == 0 && folder.bytes("b/weights.safetensors") == folder.bytes("c/weights.safetensors"))
    for command in [
      ["check", "two.drn", "tiny[1]", "--cost"], ["dump-ir", "two.drn", "tiny[1]"], ["benchmark", "two.drn", "tiny[0]", "--steps", "1"],
    ] {
      #expect(try Tool.run(command, folder: folder.path).status == 0)
    }
    // Where there is one training its name is known too, and another name is refused with what there is.
    #expect(try Tool.run(["dump-ir", Models.path("tiny"), "tiny"]).status == 0)
    for name in ["tiny", "tiny[2]", "other", ""] {
      let refused = try Tool.run(["train", "two.drn", name], folder: folder.path)
      #expect(refused.status == 64 && refused.error.contains("`tiny[0]`, `tiny[1]`"), "\(refused)")
    }
  }
}
