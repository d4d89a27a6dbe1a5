import DrnJSON
import DrnTestSupport
import Foundation
import Testing

/// `drnc train --engine` as a process.
@Suite("drnc train --engine", .serialized) struct EngineTrainTests {
  /// Three phases, two transitions, validation, dropout and a smaller last batch; without kinks, at which rounding would part two runs.
  private static let source = trainSource(
    """
    length: 6 epochs
    batch: 16
    rate: 0.05
    optimizer: sgd(momentum: 0.9)
    clip: 1.0
    state: carry
    weights fc1 {
      from epoch 0: factored(rank: 3)
      from epoch 2: dense
      from epoch 4: factored(rank: 3) by svd
    }
    """, network: "return x |> fc1: linear(8) |> gelu |> dropout(10%) |> head: linear(4)",
    data: "validation: 20%\nlast_batch: keep", examples: 150)

  private static var jax: [String: String] {
    ["DRNC_JAX_PYTHON": JaxPython.found?.last ?? "python3", "TMPDIR": NSTemporaryDirectory()]
  }

  private func train(_ folder: TemporaryFolder, _ arguments: [String], _ environment: [String: String] = jax) throws -> Tool.Outcome {
    let running = try Tool.start(
      ["train"] + arguments + ["--threads", "1", "--quiet"], folder: folder.path, environment: environment)
    // Starting jax takes seconds, and each phase is compiled.
    for _ in 0..<6 where running.process.isRunning { _ = running.waits { !running.process.isRunning } }
    return try running.finish()
  }

  /// The losses of a run's epochs.
  private func losses(_ folder: TemporaryFolder, _ run: String) throws -> [Double] {
    try folder.text("\(run)/log.jsonl").split(separator: "\n").flatMap { line -> [Double] in
      let record = try JSON(reading: Array(line.utf8))
      guard record["kind"]?.text == "epoch" else { return [] }
      return ["train_loss", "validation_loss"].compactMap { record[$0].flatMap(number) }
    }
  }

  private func number(_ json: JSON) -> Double? {
    switch json {
    case .integer(let value): Double(value)
    case .number(let value): value
    case .null, .boolean, .string, .array, .object: nil
    }
  }

  @Test(
    "ends where drnc's executor ends, on one device and on two, and in the same bytes again",
    .enabled(if: JaxPython.found != nil, Comment(rawValue: JaxPython.absence)))
  func agrees() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.drn", Self.source)
    #expect(try train(folder, ["a.drn", "-o", "cpu"], [:]).status == 0)
    for (run, devices) in [("one", "1"), ("again", "1"), ("two", "2")] {
      let outcome = try train(folder, ["a.drn", "-o", run, "--engine", "jax", "--devices", devices])
      #expect(outcome.status == 0, "\(outcome.error)")
      let (found, expected) = (try losses(folder, run), try losses(folder, "cpu"))
      #expect(found.count == expected.count && expected.count == 12)
      // Some 50 steps from one start: rounding, and nothing that would magnify it.
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-5 * max(1, abs($1)) }, "\(found) \(expected)")
    }
    for name in ["weights.safetensors", "log.jsonl"] { #expect(try folder.bytes("one/\(name)") == folder.bytes("again/\(name)")) }
    #expect(
      try folder.bytes("one/weights.safetensors") != folder.bytes("cpu/weights.safetensors"), "a run by another engine has the very bytes")
  }

  @Test(
    "a run that is stopped goes on to the bytes of one that was not, and one of another engine is refused",
    .enabled(if: JaxPython.found != nil, Comment(rawValue: JaxPython.absence)))
  func resumes() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.drn", Self.source)
    let jax = ["--engine", "jax"]
    #expect(try train(folder, ["a.drn", "-o", "whole"] + jax).status == 0)
    #expect(try train(folder, ["a.drn", "-o", "part", "--stop-after", "3 epochs"] + jax).status == 0)
    let refused = try train(folder, ["--resume", "part"], [:])
    #expect(
      refused.status == 65 && refused.error.contains("DRN0908") && refused.error.contains("`engine: jax` is gone"), "\(refused.error)")
    let other = try train(folder, ["--resume", "part", "--devices", "2"] + jax)
    #expect(other.status == 65 && other.error.contains("DRN0908"), "\(other.error)")
    #expect(try train(folder, ["--resume", "part"] + jax).status == 0)
    for name in ["weights.safetensors", "log.jsonl"] { #expect(try folder.bytes("part/\(name)") == folder.bytes("whole/\(name)")) }
    #expect(try train(folder, ["a.drn", "-o", "third", "--stop-after", "3 epochs"] + jax).status == 0)
    #expect(try train(folder, ["--resume", "third", "--accept-engine"], [:]).status == 0)
    #expect(try folder.text("third/log.jsonl").contains("`engine: jax` is gone"))
  }

  @Test(
    "a worker that is killed ends the run with its own code, and the run goes on to the bytes of one that was not disturbed",
    .enabled(if: JaxPython.found != nil, Comment(rawValue: JaxPython.absence)))
  func killed() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.drn", try Self.source.changing("length: 6 epochs", to: "length: 400 epochs"))
    let running = try Tool.start(
      ["train", "a.drn", "-o", "killed", "--engine", "jax", "--quiet", "--threads", "1"], folder: folder.path,
      environment: Self.jax)
    #expect(running.waits { folder.names("killed/checkpoints").count > 1 })
    let number = running.process.processIdentifier
    let children = try String(contentsOfFile: "/proc/\(number)/task/\(number)/children", encoding: .utf8).split(separator: " ").compactMap {
      Int32($0)
    }
    #expect(children.count == 1)
    for child in children { kill(child, SIGKILL) }
    let outcome = try running.finish()
    #expect(outcome.status == 75 && outcome.error.contains("DRN0907") && outcome.error.contains("signal 9"), "\(outcome.error)")
    #expect(outcome.error.contains("--resume"), "\(outcome.error)")
    #expect(try train(folder, ["--resume", "killed", "--engine", "jax"]).status == 0)
    #expect(try train(folder, ["a.drn", "-o", "whole", "--engine", "jax"]).status == 0)
    for name in ["weights.safetensors", "log.jsonl"] { #expect(try folder.bytes("killed/\(name)") == folder.bytes("whole/\(name)")) }
  }

  @Test(
    "two processes and four leave one run each, the same again, near that of one; and go on with it",
    .enabled(if: JaxPython.found != nil, Comment(rawValue: JaxPython.absence)))
  func processes() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.drn", Self.source)
    #expect(try train(folder, ["a.drn", "-o", "cpu"], [:]).status == 0)
    func together(_ count: Int, _ arguments: [String], port: Int) throws {
      let running = try (0..<count).map { process in
        let launch = ["DRNC_COORDINATOR": "localhost:\(port)", "DRNC_PROCESSES": "\(count)", "DRNC_PROCESS": "\(process)"]
        return try Tool.start(
          ["train"] + arguments + ["--engine", "jax", "--threads", "1", "--quiet"], folder: folder.path,
          environment: Self.jax.merging(launch) { $1 })
      }
      for one in running {
        for _ in 0..<6 where one.process.isRunning { _ = one.waits { !one.process.isRunning } }
        let outcome = try one.finish()
        #expect(outcome.status == 0, "\(outcome.error)")
      }
    }
    let port = 20_000 + Int(ProcessInfo.processInfo.processIdentifier) % 20_000
    try together(2, ["a.drn", "-o", "two"], port: port)
    try together(2, ["a.drn", "-o", "again"], port: port + 1)
    try together(2, ["a.drn", "-o", "part", "--stop-after", "3 epochs"], port: port + 2)
    try together(2, ["--resume", "part"], port: port + 3)
    try together(4, ["a.drn", "-o", "four"], port: port + 4)
    try together(4, ["a.drn", "-o", "four again"], port: port + 5)
    let expected = try losses(folder, "cpu")
    for run in ["two", "four"] {
      let found = try losses(folder, run)
      #expect(found.count == expected.count && zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-5 * max(1, abs($1)) }, "\(run)")
    }
    for name in ["weights.safetensors", "log.jsonl"] {
      #expect(try folder.bytes("two/\(name)") == folder.bytes("again/\(name)"))
      #expect(try folder.bytes("two/\(name)") == folder.bytes("part/\(name)"))
      #expect(try folder.bytes("four/\(name)") == folder.bytes("four again/\(name)"))
    }
    #expect(folder.names() == ["a.drn", "again", "cpu", "four", "four again", "part", "two"])
  }

  @Test("without an interpreter, without jax, and with one that talks nonsense: the engine is missing, at once, and no run is left")
  func missing() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.drn", Self.source)
    for (name, text) in [("dies", "#!/bin/sh\necho no such library >&2\nexit 3\n"), ("chatters", "#!/bin/sh\nyes chatter\n")] {
      try folder.write(name, text)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder(name))
    }
    let start = ContinuousClock.now
    for python in ["/no/such/python", folder("dies")] {
      let outcome = try train(folder, ["a.drn", "-o", "run", "--engine", "jax"], ["DRNC_JAX_PYTHON": python])
      #expect(outcome.status == 69 && outcome.error.contains("DRN0904") && outcome.error.contains("pip install jax"), "\(outcome.error)")
    }
    #expect(ContinuousClock.now - start < .seconds(10))
    let said = try train(folder, ["a.drn", "-o", "run", "--engine", "jax"], ["DRNC_JAX_PYTHON": folder("dies")])
    #expect(said.error.contains("no such library"))
    let chatter = try train(folder, ["a.drn", "-o", "run", "--engine", "jax"], ["DRNC_JAX_PYTHON": folder("chatters")])
    #expect(chatter.status == 69 && chatter.error.contains("DRN0904"), "\(chatter.error)")
    #expect(!folder.names().contains("run"))
  }

  @Test("options that do not go together are refused")
  func options() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.drn", Self.source)
    for arguments in [
      ["--devices", "2"], ["--engine", "jax", "--devices", "0"], ["--engine", "gpu"], ["--engine", "pjrt"], ["--engine", "pjrt:"],
      ["--shard-state"], ["--accept-engine"],
    ] {
      #expect(try Tool.run(["train", "a.drn"] + arguments, folder: folder.path).status == 64, "\(arguments)")
    }
  }

  // MARK: Plugins

  @Test(
    "a plugin ends where drnc's executor ends, on one device and on two with divided state, and in the same bytes again and after a stop",
    .enabled(if: !PJRTPlugins.found.isEmpty, Comment(rawValue: PJRTPlugins.absence)), arguments: PJRTPlugins.found)
  func plugin(_ path: String) throws {
    let folder = try TemporaryFolder()
    try folder.write("a.drn", Self.source)
    #expect(try train(folder, ["a.drn", "-o", "cpu"], [:]).status == 0)
    for (run, arguments) in [
      ("one", []), ("again", []), ("divided", ["--devices", "2", "--shard-state"]),
      ("part", ["--devices", "2", "--shard-state", "--stop-after", "3 epochs"]),
    ] {
      let outcome = try train(folder, ["a.drn", "-o", run, "--engine", "pjrt:\(path)"] + arguments)
      #expect(outcome.status == 0, "\(outcome.error)")
      guard run != "part" else { continue }
      let (found, expected) = (try losses(folder, run), try losses(folder, "cpu"))
      #expect(found.count == expected.count && expected.count == 12)
      // As above.
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-5 * max(1, abs($1)) }, "\(run): \(found) \(expected)")
    }
    let refused = try train(folder, ["--resume", "part", "--engine", "pjrt:\(path)", "--devices", "2"])
    #expect(refused.status == 65 && refused.error.contains("DRN0908") && refused.error.contains("engine state"), "\(refused.error)")
    #expect(try train(folder, ["--resume", "part", "--engine", "pjrt:\(path)", "--devices", "2", "--shard-state"]).status == 0)
    for name in ["weights.safetensors", "log.jsonl"] {
      #expect(try folder.bytes("one/\(name)") == folder.bytes("again/\(name)"))
      #expect(try folder.bytes("divided/\(name)") == folder.bytes("part/\(name)"))
    }
    let many = try train(
      folder, ["a.drn", "-o", "many", "--engine", "pjrt:\(path)"], ["DRNC_COORDINATOR": "a:1", "DRNC_PROCESSES": "2", "DRNC_PROCESS": "0"])
    #expect(many.status == 69 && many.error.contains("--engine jax"), "\(many.error)")
  }

  @Test("what is no plugin is named with the loader's words, at once, and no run is left")
  func noPlugin() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.drn", Self.source)
    try folder.write("text.so", String(repeating: "no library\n", count: 100))
    try folder.write("empty.c", "")
    for (source, library) in [(Repository.url("Tests/Engines/old_plugin.c").path, "old.so"), (folder("empty.c"), "empty.so")] {
      let compiler = Process()
      compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      compiler.arguments = ["clang", "-shared", "-fPIC", "-o", folder(library), source]
      try compiler.run()
      compiler.waitUntilExit()
      try #require(compiler.terminationStatus == 0)
    }
    for (path, code, words) in [
      ("no_such.so", "DRN0904", "no_such.so"), ("./text.so", "DRN0904", "header"), ("empty.so", "DRN0904", "GetPjrtApi"),
      (folder("old.so"), "DRN0905", "version 1.7 of PJRT"), (".", "DRN0904", "cannot"),
    ] {
      let outcome = try train(folder, ["a.drn", "-o", "run", "--engine", "pjrt:\(path)"], [:])
      #expect(outcome.status == 69 && outcome.error.contains(code) && outcome.error.contains(words), "\(path): \(outcome.error)")
    }
    #expect(!folder.names().contains("run"))
  }

  @Test(
    "state divided over two devices ends where it ends whole, with jax",
    .enabled(if: JaxPython.found != nil, Comment(rawValue: JaxPython.absence)))
  func dividedState() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.drn", try Self.source.changing("sgd(momentum: 0.9)", to: "adamw").changing("rate: 0.05", to: "rate: 0.01"))
    #expect(try train(folder, ["a.drn", "-o", "cpu"], [:]).status == 0)
    let outcome = try train(folder, ["a.drn", "-o", "divided", "--engine", "jax", "--devices", "2", "--shard-state"])
    #expect(outcome.status == 0, "\(outcome.error)")
    let (found, expected) = (try losses(folder, "divided"), try losses(folder, "cpu"))
    // The second moments of gradients near zero are divided by, which magnifies rounding.
    #expect(found.count == 12 && zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-4 * max(1, abs($1)) }, "\(found) \(expected)")
  }
}
