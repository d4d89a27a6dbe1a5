import DrnTensorFile
import DrnTestSupport
import Foundation
import Testing

@testable import DrnTrain

@Suite("Run folders", .serialized) struct RunFolderTests {
  private static let endless = ["train", Models.path("tiny"), "--set", "train.length=1000000epochs", "--threads", "1", "--quiet"]
  private static let short = ["train", Models.path("tiny"), "--threads", "1", "--quiet"]

  @Test("ninety that are made at once are ninety")
  func atOnce() throws {
    let folder = try TemporaryFolder()
    let parent = folder.path + "/runs"
    DispatchQueue.concurrentPerform(iterations: 90) { _ in
      do { _ = try RunFolder(numbering: "net", under: parent) } catch { Issue.record("\(error)") }
    }
    #expect(Set(folder.names("runs")) == Set((1...90).map { "net-\($0)" }))
    for name in folder.names("runs") { #expect(folder.names("runs/" + name) == ["run.lock"]) }
  }

  @Test("processes that start at once have a folder each, and every one its whole run")
  func processes() throws {
    let folder = try TemporaryFolder()
    let line = "for i in 1 2 3 4 5 6; do \"$DRNC\" train '\(Models.path("tiny"))' --threads 1 --quiet --stop-after '2 steps' & done; wait"
    #expect(try Tool.shell(line, folder: folder.path).error == "")
    #expect(folder.names("runs") == (1...6).map { "tiny-\($0)" })
    for name in folder.names("runs") { #expect(folder.names("runs/" + name).contains("summary.json"), "\(name)") }
  }

  @Test("a run under way is left alone by others: --resume and --output name the folder and the process")
  func inUse() throws {
    let folder = try TemporaryFolder()
    let running = try Tool.start(Self.endless + ["-o", "part"], folder: folder.path)
    #expect(running.waits { folder.names("part/checkpoints").contains { $0.hasPrefix("epoch-") } })
    for place in [["--resume", "part"], ["--output", "part"]] {
      let second = try Tool.run(Self.endless + place, folder: folder.path)
      #expect(second.status == 73 && second.error.contains("error[DRN0707]"), "\(second)")
      #expect(second.error.contains("process \(running.process.processIdentifier) is training in the folder `part`"), "\(second)")
    }
    running.send(SIGKILL)
    #expect(try running.finish().signal == SIGKILL)
    // The lock went with its process.
    #expect(try Tool.run(Self.endless + ["--resume", "part", "--stop-after", "1 steps"], folder: folder.path).status == 0)
  }

  @Test("ended before its first checkpoint, a run begins again by the words of the refusal, and ends as it would have")
  func begunAgain() throws {
    let folder = try TemporaryFolder()
    #expect(try Tool.run(Self.short + ["-o", "whole"], folder: folder.path).status == 0)
    let running = try Tool.start(Self.short + ["-o", "part", "--checkpoint-every", "1000"], folder: folder.path)
    #expect(running.waits { ((try? folder.text("part/log.jsonl")) ?? "").contains("epoch") })
    running.send(SIGKILL)
    _ = try running.finish()
    let refused = try Tool.run(Self.short + ["-o", "part"], folder: folder.path)
    #expect(refused.status == 73 && refused.error.contains("--resume part"), "\(refused)")
    let outcome = try Tool.run(["train", Models.path("tiny"), "--threads", "1", "--resume", "part"], folder: folder.path)
    #expect(outcome.status == 0 && outcome.error.contains("it begins again"), "\(outcome)")
    for file in ["weights.safetensors", "log.jsonl", "log.csv", "summary.json"] {
      #expect(try folder.bytes("whole/" + file) == folder.bytes("part/" + file), "\(file)")
    }
  }

  @Test("--resume of a folder that holds no run names the words that begin one, and makes nothing")
  func noRun() throws {
    let folder = try TemporaryFolder()
    let absent = try Tool.run(Self.short + ["--resume", "absent"], folder: folder.path)
    #expect(absent.status == 66 && absent.error.contains("--output absent") && folder.names() == [], "\(absent)")
  }

  @Test(
    "nothing that drnc did not write is replaced: a file, a folder or a link of a name that it uses",
    arguments: ["config.txt", "source.drn", "log.jsonl", "timing.csv", "checkpoints", "run.lock", "summary.json"])
  func foreign(_ name: String) throws {
    let folder = try TemporaryFolder()
    for make in ["echo mine > run/\(name)", "mkdir run/\(name)", "ln -s ../elsewhere run/\(name)"] {
      _ = try Tool.shell("rm -rf run; mkdir run; " + make, folder: folder.path)
      let outcome = try Tool.run(Self.short + ["--stop-after", "1 steps", "-o", "run"], folder: folder.path)
      #expect(outcome.status == 73 && outcome.error.contains("error[DRN0704]"), "\(make): \(outcome)")
      #expect(folder.names("run") == [name] && folder.names() == ["run"], "\(make)")
    }
    _ = try Tool.shell("rm -rf run; echo mine > run", folder: folder.path)
    #expect(try Tool.run(Self.short + ["-o", "run"], folder: folder.path).status == 73)
    #expect(try folder.text("run") == "mine\n")
    // A folder with other files is no obstacle, and they stay.
    _ = try Tool.shell("rm run; mkdir run; echo mine > run/notes.txt", folder: folder.path)
    #expect(try Tool.run(Self.short + ["--stop-after", "1 steps", "-o", "run"], folder: folder.path).status == 0)
    #expect(try folder.text("run/notes.txt") == "mine\n")
  }

  @Test("without standard streams nothing is printed into a file of the run", arguments: ["2>&-", ">&-", "<&- >&- 2>&-"])
  func closedStreams(_ closed: String) throws {
    let folder = try TemporaryFolder()
    let train = "\"$DRNC\" train '\(Models.path("tiny"))' --threads 1 --json --stop-after '3 epochs'"
    _ = try Tool.shell("\(train) -o whole >/dev/null 2>&1; \(train) -o part \(closed)", folder: folder.path)
    #expect(folder.names("part") == folder.names("whole"))
    for file in ["log.jsonl", "log.csv", "config.txt", "source.drn", "weights.safetensors", "summary.json"] {
      #expect(try folder.bytes("whole/" + file) == folder.bytes("part/" + file), "\(file) \(closed)")
    }
    // Two checkpoints differ in the lengths of their times; a word too many would break the checksum.
    #expect(Checkpoint(try TensorFile.read(path: folder.path + "/part/checkpoints/epoch-000003.safetensors")) != nil)
    #expect(try folder.text("part/timing.csv").split(separator: "\n").count == 4)
    #expect(Int(try folder.text("part/run.lock").dropLast()) != nil)
  }
}
