import DrnDriver
import DrnJSON
import DrnTestSupport
import Foundation
import Testing

/// `sweep` as a process with its children. `DRNC_KILL_SEED` draws other moments.
@Suite("drnc sweep", .serialized) final class ProcessSweepTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("tiny.drn", try Repository.text("models/tiny.drn"))
    try folder.write(
      "small.drn",
      """
      data points { source: synthetic(examples: 256, test_examples: 32, noise: 1)  x: tensor[8]  label: class(2)  validation: 25% }
      network small(x: tensor[8]) -> tensor[2] { return x |> fc1: linear(8) |> relu |> head: linear(2) }
      train small on points { length: 2 epochs  batch: 32  seed: 1  loss: cross_entropy  optimizer: sgd(momentum: 0.9)  rate: 0.05 }
      """)
  }

  private static let short = ["sweep", "tiny.drn", "--shorten", "1/2", "--set", "train.rate=0.1,0.01,0.001"]
  private func run(_ arguments: [String]) throws -> Tool.Outcome { try Tool.run(arguments, folder: folder.path) }
  private func table(_ name: String) throws -> JSON { try JSON(reading: Array(try folder.text(name + "/sweep.json").utf8)) }

  @Test("killed twice at any moment it goes on to the table of one left alone, for any number of jobs", .timeLimit(.minutes(5)))
  func killed() throws {
    let sweep = Self.short + ["--seeds", "3", "--quiet"]
    let start = ContinuousClock.now
    let whole = try run(sweep + ["--output", "whole"])
    try #require(whole.status == 0, "\(whole)")
    let span = Int((ContinuousClock.now - start) / .milliseconds(1))
    #expect(folder.names("whole").count == 12)
    var generator = SplitMix64(seed: ProcessInfo.processInfo.environment["DRNC_KILL_SEED"].flatMap { UInt64($0) } ?? 11)
    for (number, signal) in [SIGKILL, SIGTERM].enumerated() {
      let words = sweep + ["--output", "part\(number)", "--jobs", "1"]
      for kill in [SIGKILL, signal] {
        let running = try Tool.start(words, folder: folder.path)
        usleep(UInt32(Int.random(in: 100...span / 2, using: &generator)) * 1000)
        if running.process.isRunning { running.send(kill) }
        let ended = try running.finish()
        #expect(kill == SIGKILL ? ended.signal == SIGKILL : ended.status == 143, "\(ended)")
        if kill == SIGTERM { #expect(ended.error.contains("DRN0703") || ended.error.contains("interrupted"), "\(ended)") }
      }
      let rest = try run(words)
      #expect(rest.status == 0 && rest.output == whole.output, "\(rest)")
      for file in ["sweep.json", "sweep.md"] { #expect(try folder.bytes("part\(number)/" + file) == folder.bytes("whole/" + file)) }
      for name in folder.names("whole") where name.hasPrefix("train") {
        for file in ["weights.safetensors", "log.jsonl", "summary.json"] {
          #expect(try folder.bytes("part\(number)/\(name)/\(file)") == folder.bytes("whole/\(name)/\(file)"), "\(name)/\(file)")
        }
      }
    }
  }

  @Test("what is finished is not repeated, and a grid that grows keeps its runs") func grows() throws {
    #expect(try run(Self.short + ["-o", "s", "--quiet"]).status == 0)
    let weights = folder.path + "/s/train.rate=0.1,seed=1/weights.safetensors"
    let before = try FileManager.default.attributesOfItem(atPath: weights)[.modificationDate] as? Date
    let grown = try run(["sweep", "tiny.drn", "--shorten", "1/2", "--set", "train.rate=0.1,0.05", "--seeds", "1,8", "-o", "s", "--json"])
    let written = try folder.text("s/sweep.json")
    #expect(grown.status == 0 && grown.output == written)
    #expect(!grown.error.contains("train.rate=0.1,seed=1: done") && grown.error.contains("train.rate=0.1,seed=8: done"))
    let after = try FileManager.default.attributesOfItem(atPath: weights)[.modificationDate] as? Date
    #expect(after == before && before != nil)
  }

  @Test("a run that diverges or cannot be run is a row that says so, the others go on, and the status says it") func failures() throws {
    let words = ["sweep", "small.drn", "--set", "train.rate=0.05,1000000", "-o", "s"]
    let numeric = try run(words)
    #expect(numeric.status == 2 && numeric.error.contains("DRN0832") && numeric.error.contains("1 of 2 runs failed"), "\(numeric)")
    #expect(numeric.output.contains("diverged after"), "\(numeric)")
    let again = try run(words + ["--quiet"])
    #expect(again.status == 2 && again.output == numeric.output)

    try FileManager.default.createDirectory(atPath: folder.path + "/t", withIntermediateDirectories: true)
    try folder.write("t/train.rate=0.01,seed=1", "in the way")
    let blocked = try run(Self.short + ["-o", "t"])
    #expect(blocked.status == 1 && blocked.output.contains("1 of 1 failed") && blocked.output.contains("cannot be started"), "\(blocked)")
    #expect(try table("t")["settings"]?.items?.map { $0["failed"]?.whole } == [0, 1, 0])
    try FileManager.default.removeItem(atPath: folder.path + "/t/train.rate=0.01,seed=1")
    let mended = try run(Self.short + ["-o", "t"])
    #expect(mended.status == 0 && !mended.output.contains("failed"), "\(mended)")
  }

  @Test("a run whose process is killed is a row that says so, and the same command ends it") func crash() throws {
    let words = Self.short + ["-o", "s", "--jobs", "1"]
    let running = try Tool.start(words, folder: folder.path)
    let lock = "s/train.rate=0.1,seed=1/run.lock"
    var number: Int32?
    #expect(
      running.waits {
        number = (try? self.folder.text(lock)).flatMap { Int32($0.filter(\.isNumber)) }
        return number != nil
      })
    kill(try #require(number), SIGKILL)
    let ended = try running.finish()
    #expect(ended.status == 1 && ended.error.contains("the same command tries them again"), "\(ended)")
    #expect(ended.output.contains("Failed: train.rate=0.1, seed 1: ended by signal 9."), "\(ended)")
    #expect(try table("s")["settings"]?.items?.map { $0["failed"]?.whole } == [1, 0, 0])
    let mended = try run(words)
    #expect(mended.status == 0 && mended.error.contains("train.rate=0.1,seed=1: done"), "\(mended)")
    #expect(!mended.error.contains("train.rate=0.01,seed=1: done"))
  }

  @Test("successive halving stops settings at its epochs and names them") func halving() throws {
    let words = Self.short + ["--seeds", "2", "--halving", "1/2", "--at", "1,2", "--quiet"]
    let found = try run(words + ["-o", "s"])
    try #require(found.status == 0, "\(found)")
    let table = try table("s")
    let decisions = try #require(table["halving"]?.items)
    #expect(decisions.map { $0["epochs"]?.whole } == [1, 2] && decisions.map { $0["kept"]?.items?.count } == [2, 1])
    #expect(found.output.contains("stopped after 1 epoch\n") && found.output.contains("stopped after 2 epochs\n"), "\(found.output)")
    for setting in try #require(table["settings"]?.items) {
      let isStopped = setting["state"]?.text != "finished"
      #expect((setting["test_accuracy"] == nil) == isStopped)
      for run in try #require(setting["runs"]?.items) {
        let log = try folder.text("s/\(try #require(run["folder"]?.text))/log.jsonl")
        let epochs = log.split(separator: "\n").count { $0.contains(#""kind": "epoch""#) || $0.contains(#""kind":"epoch""#) }
        #expect(epochs == run["epochs"]?.whole ?? 4)
      }
    }
    // Killed between and within its stages it decides the same.
    for moment in [700, 1100] as [UInt32] {
      let running = try Tool.start(words + ["-o", "t"], folder: folder.path)
      usleep(moment * 1000)
      running.send(SIGKILL)
      _ = try running.finish()
    }
    #expect(try run(words + ["-o", "t"]).output == found.output)
    #expect(try folder.bytes("s/sweep.json") == folder.bytes("t/sweep.json"))
  }

  @Test("options choose what is run") func options() throws {
    let words = ["sweep", "small.drn", "--quiet"]
    func names(_ name: String) -> [String] { folder.names(name).filter { !$0.hasPrefix("sweep.") } }
    #expect(try run(words + ["--set", "train.rate=0.1,0.2,0.3,0.4", "--random", "2", "--random-seed", "5", "-o", "a"]).status == 0)
    #expect(names("a").count == 2)
    var draws = Set<[String]>()
    for seed in ["1", "2", "3"] {
      #expect(
        try run(words + ["--set", "train.rate=0.1,0.2,0.3,0.4", "--random", "1", "--random-seed", seed, "-o", "r" + seed]).status == 0)
      draws.insert(names("r" + seed))
    }
    #expect(draws.count > 1)
    #expect(try run(words + ["--seed", "7", "--seeds", "2", "-o", "b"]).status == 0)
    #expect(names("b") == ["seed=7", "seed=8"])
    let calls = "train.optimizer=sgd(momentum: 0.9),adam(beta1: 0.9, beta2: 0.99)"
    #expect(try run(words + ["--set", calls, "--checkpoint-every", "50"]).status == 0)
    #expect(names("runs/small-sweep").count == 2)
    // An epoch is one here: none is as many as 50.
    #expect(folder.names("runs/small-sweep/" + (try #require(names("runs/small-sweep").first)) + "/checkpoints") == [])
    #expect(try run(words + ["--threads", "1", "--jobs", "1", "-o", "c"]).output.contains("as written"))
    #expect(try run(["sweep", "small.drn", "small", "-o", "e"]).error.contains("seed=1: done"))
    #expect(try run(words + ["--allow", "wide_basis", "--warn", "dead_code", "-o", "d"]).error.contains("dead_code"))
    #expect(try run(words + ["--deny", "warnings", "-o", "d"]).status == 0)
    #expect(try folder.text("d/seed=1/run.json").contains(#""deny":["warnings"]"#))
  }

  @Test("what cannot be swept is refused before anything is run or written") func refused() throws {
    try folder.write("second.drn", "train")
    let many = "train.rate=" + (0..<200).map { "0.\($0 + 1000)" }.joined(separator: ",")
    let batches = "train.batch=" + (1...51).map(String.init).joined(separator: ",")
    let processors = Driver.processors
    let cases: [(arguments: [String], status: Int32, reason: String)] = [
      (["-"], 64, "DRN0062"), (["none.drn"], 66, "DRN0050"), (["second.drn"], 1, "DRN"),
      (["tiny.drn", "--set", "rate"], 64, "DRN0062"), (["tiny.drn", "--set", "=1"], 64, "DRN0062"),
      (["tiny.drn", "--set", "train.rate=1,,2"], 64, "is empty"), (["tiny.drn", "--set", "train.rate=1,1"], 64, "twice"),
      (["tiny.drn", "--set", "train.rate=1", "--set", "train.rate=2"], 64, "twice"),
      (["tiny.drn", "--set", "train.seed=1,2"], 64, "--seeds"), (["tiny.drn", "--set", "train.lenght=1 epochs"], 1, "train.length"),
      (["tiny.drn", "--set", "train.rate=0.1,step(0.1"], 1, "DRN0004"),
      (
        [
          "tiny.drn", "--set", many, "--set",
          batches,
        ], 64, "10000"
      ),
      (["tiny.drn", "--seeds", "x"], 64, "DRN0062"), (["tiny.drn", "--seeds", "0"], 64, "DRN0062"),
      (["tiny.drn", "--seeds", "1,2", "--seed", "3"], 64, "leave out"),
      (["tiny.drn", "--seed", "18446744073709551615", "--seeds", "2"], 64, "seeds from"),
      (["tiny.drn", "--random", "0"], 64, "--random"), (["tiny.drn", "--random", "2"], 64, "which is 1"),
      (["tiny.drn", "--random-seed", "2"], 64, "give both"), (["tiny.drn", "--halving", "1/2"], 64, "give both"),
      (["tiny.drn", "--at", "2"], 64, "give both"), (["tiny.drn", "--halving", "2", "--at", "2"], 64, "DRN0062"),
      (["tiny.drn", "--halving", "1/2", "--at", "2,1"], 64, "DRN0062"),
      (["tiny.drn", "--halving", "1/2", "--at", "8"], 64, "no run is longer"),
      (["tiny.drn", "--jobs", "0"], 64, "--jobs"), (["tiny.drn", "--threads", "2000"], 64, "--threads"),
      (["tiny.drn", "--jobs", "\(processors + 1)"], 64, "than the machine"),
      (["tiny.drn", "--threads", "\(processors + 1)"], 64, "than the machine"),
      (["tiny.drn", "--jobs", "\(processors)", "--threads", "2"], 64, "than the machine"),
      (["tiny.drn", "--checkpoint-every", "0"], 64, "checkpoints"), (["tiny.drn", "--checkpoint-every", "often"], 64, "checkpoints"),
      (["tiny.drn", "--shorten", "2"], 64, "DRN0053"), (["tiny.drn", "other"], 64, "DRN0060"),
      (["tiny.drn", "--output", "tiny.drn"], 73, "DRN"),
    ]
    for entry in cases {
      let output = entry.arguments.contains("--output") ? [] : ["--output", "none"]
      let outcome = try run(["sweep"] + entry.arguments + output)
      #expect(outcome.status == entry.status && outcome.error.contains(entry.reason), "\(entry.arguments) \(outcome)")
      #expect(folder.names() == ["second.drn", "small.drn", "tiny.drn"], "\(entry.arguments)")
    }
  }

  @Test("a folder with runs of another program, or under way, is refused") func foreign() throws {
    let words = ["sweep", "small.drn", "--quiet", "-o", "s"]
    #expect(try run(words).status == 0)
    try folder.write("small.drn", try folder.text("small.drn") + "\n// changed\n")
    let changed = try run(words)
    #expect(changed.status == 73 && changed.error.contains("DRN0704"), "\(changed)")
    let run = try self.run(["sweep", "small.drn", "-o", "s/seed=1"])
    #expect(run.status == 73 && run.error.contains("holds a run, not a sweep"), "\(run)")
    let first = try Tool.start(Self.short + ["--seeds", "4", "-o", "t"], folder: folder.path)
    #expect(first.waits { folder.names("t").contains("train.rate=0.1,seed=1") })
    let second = try self.run(Self.short + ["--seeds", "4", "-o", "t"])
    #expect(second.status == 73 && second.error.contains("runs a sweep in the folder"), "\(second)")
    first.send(SIGINT)
    let ended = try first.finish()
    #expect(ended.status == 130 && ended.error.contains("the same command goes on"), "\(ended)")
  }

  @Test("a training ends with its standard input where it is asked to") func input() throws {
    let ended = try run(["train", "tiny.drn", "--stop-with-input", "--quiet", "-o", "a"])
    #expect(ended.signal == SIGTERM || ended.status == 143, "\(ended)")
    #expect(try run(["train", "-", "--stop-with-input"]).status == 64)
  }
}
