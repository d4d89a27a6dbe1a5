import DrnTensorFile
import DrnTestSupport
import Foundation
import Testing

@Suite("Resuming as a process", .serialized) struct ProcessResumeTests {
  /// A model whose epochs are short, with two changes of form, and times to be killed at.
  private static let settings = ["--set", "train.length=40epochs", "--threads", "1", "--quiet"]

  private func train(_ arguments: [String], in folder: TemporaryFolder) throws -> Tool.Outcome {
    try Tool.run(["train", Models.path("tiny")] + Self.settings + arguments, folder: folder.path)
  }

  private static let files = ["weights.safetensors", "log.jsonl", "log.csv", "summary.json", "config.txt", "source.drn"]

  private func checkpoints(_ folder: TemporaryFolder, _ run: String = "part") -> [String] {
    folder.names(run + "/checkpoints").filter { $0.hasPrefix("epoch-") }
  }

  @Test("killed twice at any moment and resumed, a run leaves the same bytes as one that was not")
  func killed() throws {
    let folder = try TemporaryFolder()
    #expect(try train(["-o", "whole"], in: folder).status == 0)
    for (round, epochs) in [3, 9].enumerated() {
      let place = round == 0 ? ["-o", "part"] : ["--resume", "part"]
      let running = try Tool.start(["train", Models.path("tiny")] + Self.settings + place, folder: folder.path)
      let started = running.waits { (checkpoints(folder).last.flatMap { Int($0.filter(\.isNumber)) } ?? 0) >= epochs }
      #expect(started, "\(running.errorText)")
      running.send(SIGKILL)
      #expect(try running.finish().signal == SIGKILL)
      #expect(checkpoints(folder).count <= 3)
    }
    let outcome = try train(["--resume", "part"], in: folder)
    #expect(outcome.status == 0, "\(outcome)")
    for file in Self.files { #expect(try folder.bytes("whole/" + file) == folder.bytes("part/" + file), "\(file)") }
    #expect(checkpoints(folder).count == 2)
    #expect(folder.names("part/checkpoints").allSatisfy { !$0.hasSuffix(".tmp") })
  }

  @Test("Ctrl-C names the way to go on, and going on gives the bytes of the whole run")
  func interrupted() throws {
    let folder = try TemporaryFolder()
    #expect(try train(["-o", "whole"], in: folder).status == 0)
    let running = try Tool.start(["train", Models.path("tiny")] + Self.settings + ["-o", "runs/tiny-1"], folder: folder.path)
    #expect(running.waits { !checkpoints(folder, "runs/tiny-1").isEmpty })
    running.send(SIGINT)
    let stopped = try running.finish()
    #expect(stopped.status == 130 && stopped.error.contains("drnc train --resume runs/tiny-1"), "\(stopped)")
    let outcome = try train(["--resume", "latest"], in: folder)
    #expect(outcome.status == 0, "\(outcome)")
    for file in Self.files { #expect(try folder.bytes("whole/" + file) == folder.bytes("runs/tiny-1/" + file), "\(file)") }
  }

  @Test("refusals have a code, a place where there is one, and a status of their own")
  func refusals() throws {
    let folder = try TemporaryFolder()
    let absent = try train(["--resume", "absent"], in: folder)
    #expect(absent.status == 66 && absent.error.contains("error[DRN0802]"), "\(absent)")
    let latest = try train(["--resume", "latest"], in: folder)
    #expect(latest.status == 66 && latest.error.contains("error[DRN0802]"), "\(latest)")
    #expect(try train(["-o", "part", "--stop-after", "2 epochs"], in: folder).status == 0)
    let seed = try train(["--resume", "part", "--seed", "99"], in: folder)
    #expect(seed.status == 65 && seed.error.contains("error[DRN0804]") && seed.error.contains("seed: 99"), "\(seed)")
    #expect(seed.error.contains("tiny.drn:"), "\(seed)")
    for name in checkpoints(folder) { try folder.write("part/checkpoints/" + name, "no checkpoint") }
    let damaged = try train(["--resume", "part"], in: folder)
    #expect(damaged.status == 65 && damaged.error.contains("error[DRN0803]"), "\(damaged)")
    let both = try train(["--resume", "part", "-o", "other"], in: folder)
    #expect(both.status == 64 && both.error.contains("--output"), "\(both)")
  }

  @Test("--checkpoint-every 0 writes none")
  func off() throws {
    let folder = try TemporaryFolder()
    #expect(try train(["-o", "run", "--checkpoint-every", "0", "--stop-after", "2 epochs"], in: folder).status == 0)
    #expect(!folder.names("run").contains("checkpoints") && folder.names("run").contains("weights.safetensors"))
    #expect(try train(["-o", "other", "--checkpoint-every", "-1"], in: folder).status == 64)
  }

  @Test("--shorten by too much is reported against the option, with the share that still fits")
  func shortened() throws {
    let outcome = try Tool.run(["check", Models.path("tiny"), "--shorten", "1/50"])
    #expect(outcome.status == 64 && outcome.error.contains("error[DRN0059]: `--shorten 1/50`"), "\(outcome)")
    #expect(!outcome.error.contains("tiny.drn:"), "\(outcome)")
    let share = try #require(outcome.error.firstMatch(of: /still fits with `--shorten (1\/\d+)`/)?.1, "\(outcome)")
    #expect(try Tool.run(["check", Models.path("tiny"), "--shorten", String(share)]).status == 0)
    // An error of the program itself stays where it is.
    let folder = try TemporaryFolder()
    let text = try String(contentsOfFile: Models.path("tiny"), encoding: .utf8)
    try folder.write("t.drn", try text.changing("batch:", to: "bach:"))
    let other = try Tool.run(["check", "t.drn", "--shorten", "1/50"], folder: folder.path)
    #expect(other.status == 1 && other.error.contains("t.drn:"), "\(other)")
  }
}

extension TemporaryFolder {
  /// The bytes of a file, for comparison.
  func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)) }
}
