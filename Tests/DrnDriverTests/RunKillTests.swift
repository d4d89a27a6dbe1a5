import DrnTestSupport
import Foundation
import Testing

/// Runs that are killed at any moment, alone or two of one folder at once. `DRNC_KILLS=100` kills so many; `DRNC_KILL_SEED` draws others.
@Suite("Killed runs", .serialized) struct RunKillTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let kills = environment["DRNC_KILLS"].flatMap { Int($0) } ?? 12
  private static let seed = environment["DRNC_KILL_SEED"].flatMap { UInt64($0) } ?? 3

  static let models: [String: String] = [
    "forms": """
    data points { source: synthetic(640, test_examples: 64, noise: 1)  x: tensor[16]  label: class(4)  validation: 10% }
    network net(x: tensor[16]) -> tensor[4] { return x |> fc1: linear(32) |> norm: batch_norm |> relu |> dropout(0.2) |> head: linear(4) }
    train net on points {
      length: 8 epochs  batch: 32  seed: 2  loss: cross_entropy  optimizer: adam()  rate: cosine(0.01)  state: carry
      weights fc1 { from epoch 0: dense  from epoch 3: factored(rank: 4)  from epoch 6: dense  every 1 epochs: report(effective_rank) }
    }
    """,
    "events": """
    data line { source: synthetic(400, test_examples: 24, noise: 0.1)  x: tensor[6]  label: tensor[2]  validation: 20% }
    network net(x: tensor[6]) -> tensor[2] { return x |> fc1: linear(16) |> tanh |> head: linear(2) }
    train net on line {
      length: 10 epochs  batch: 16  seed: 5  loss: mean_squared_error  rate: 0.05  optimizer: sgd(momentum: 0.9)
      weights fc1 { from epoch 0: core(bases: frozen, rank: 6)  every 2 epochs: trim(below: 0.5, relative_to: largest, state: carry) }
    }
    """,
    "images": """
    data images {
      source: synthetic(300, test_examples: 30, noise: 1)  x: tensor[1, 6, 6]  label: class(3)  validation: 10%  augment: [pad_crop(1)]
      last_batch: keep
    }
    network net(x: tensor[1, 6, 6]) -> tensor[3] { return x |> conv1: conv2d(4, kernel: 3) |> relu |> flatten |> head: linear(3) }
    train net on images { length: 6 epochs  batch: 32  seed: 1  loss: cross_entropy  optimizer: sgd(momentum: 0.9)  rate: 0.05 }
    """,
  ]

  @Test(
    "lose nothing and log nothing twice: each goes on or begins again by the words of its own message, to the bytes of a run left alone",
    .timeLimit(.minutes(60)), arguments: models.keys.sorted())
  func killed(_ name: String) throws {
    let folder = try TemporaryFolder()
    try folder.write("net.drn", try #require(Self.models[name]))
    let train = ["train", "net.drn", "--threads", "1", "--quiet"]
    let start = ContinuousClock.now
    let whole = try Tool.run(train + ["--output", "whole"], folder: folder.path)
    try #require(whole.status == 0, "\(whole)")
    let span = Int((ContinuousClock.now - start) / .milliseconds(1))

    var generator = SplitMix64(seed: Self.seed)
    var words = ["--output", "part"]
    var finished = 0
    for kill in 0..<Self.kills / Self.models.count {
      // From the first millisecond on: a third of the moments lie in the start of the process.
      let moment = Int.random(in: 0...(kill % 3 == 0 ? min(150, span) : span), using: &generator)
      let gap = Int.random(in: 0...20, using: &generator)
      var running = [try Tool.start(train + words, folder: folder.path)]
      if kill % 2 == 1 {
        usleep(UInt32(gap) * 1000)
        running.append(try Tool.start(train + words, folder: folder.path))
      }
      var waited = 0
      while waited < moment, running.contains(where: \.process.isRunning) {
        usleep(1000)
        waited += 1
      }
      for writer in running where writer.process.isRunning { writer.send(SIGKILL) }
      for outcome in try running.map({ try $0.finish() }) where outcome.signal != SIGKILL {
        if outcome.status == 0 { finished += 1 } else { words = try next(outcome, words) }
      }
      if finished > 0, kill % 4 == 3 {
        // A run that is whole is compared, and another begins.
        try expectSame(folder)
        try FileManager.default.removeItem(atPath: folder.path + "/part")
        (words, finished) = (["--output", "part"], 0)
      }
    }
    for _ in 0..<4 {
      let outcome = try Tool.run(train + words, folder: folder.path)
      if outcome.status == 0 { break }
      words = try next(outcome, words)
    }
    try expectSame(folder)
  }

  /// The words a refusal gives; the same again where another process had the folder.
  private func next(_ outcome: Tool.Outcome, _ words: [String]) throws -> [String] {
    #expect([66, 73].contains(outcome.status), "\(outcome)")
    if outcome.error.contains("DRN0707") { return words }
    let given = try #require(outcome.error.firstMatch(of: /(--resume|--output) part/), "\(outcome)")
    return [String(given.1), "part"]
  }

  private func expectSame(_ folder: TemporaryFolder) throws {
    for file in ["weights.safetensors", "log.jsonl", "log.csv", "summary.json", "config.txt", "source.drn"] {
      #expect(try folder.bytes("whole/" + file) == folder.bytes("part/" + file), "\(file)")
    }
    let lines = try folder.text("part/log.jsonl").split(separator: "\n")
    #expect(Set(lines).count == lines.count)
    #expect(folder.names("part").filter { $0.hasPrefix(".") } == [])
  }

  @Test("a signal at any moment ends a run in order, while the machine is measured too; `DRNC_KILLS` sends so many")
  func terminated() throws {
    let folder = try TemporaryFolder()
    try folder.write("net.drn", try #require(Self.models["forms"]).changing("length: 8 epochs", to: "length: 9000 epochs"))
    var generator = SplitMix64(seed: Self.seed)
    for number in 0..<2 * Self.kills {
      let name = "run\(number)"
      let running = try Tool.start(["train", "net.drn", "--threads", "1", "--quiet", "--output", name], folder: folder.path)
      usleep(UInt32.random(in: 50_000...400_000, using: &generator))
      running.process.terminate()
      let outcome = try running.finish()
      // Before there is a run to stop, the signal ends the process by itself.
      #expect(outcome.status == 143 || outcome.signal == SIGTERM, "\(outcome)")
    }
  }

  @Test("a thread that runs no kernels lets signals through at all times, so that a second one ends a long step at once")
  func listener() throws {
    let folder = try TemporaryFolder()
    try folder.write("net.drn", try #require(Self.models["forms"]).changing("length: 8 epochs", to: "length: 9000 epochs"))
    // OpenBLAS's own threads let them through as well, where there are some.
    let running = try Tool.start(
      ["train", "net.drn", "--threads", "1", "--quiet", "--output", "run"], folder: folder.path, environment: ["OPENBLAS_NUM_THREADS": "1"])
    #expect(running.waits { folder.names("run").contains("log.jsonl") })
    let main = "\(running.process.processIdentifier)"
    let tasks = "/proc/\(main)/task"
    let others = try FileManager.default.contentsOfDirectory(atPath: tasks).filter { $0 != main }
    let held = try others.map { task in
      let status = try String(contentsOfFile: "\(tasks)/\(task)/status", encoding: .utf8)
      let mask = try #require(status.firstMatch(of: /SigBlk:\s*([0-9a-f]+)/)).1
      return try #require(UInt64(mask, radix: 16))
    }
    running.process.terminate()
    #expect(try running.finish().status == 143)
    let stopping: UInt64 = 1 << UInt64(SIGINT - 1) | 1 << UInt64(SIGTERM - 1) | 1 << UInt64(SIGHUP - 1)
    #expect(held.contains { $0 & stopping == 0 }, "\(held)")
  }
}
