import DrnJSON
import DrnTestSupport
import Foundation
import Testing

/// `report`, `runs` and `graph` as processes, on a run that was trained.
@Suite("drnc report, runs and graph", .serialized) final class ProcessLookTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let program = Repository.url("models/tiny.drn").path

  private func train(_ name: String = "runs/one", _ more: [String] = []) throws {
    let outcome = try Tool.run(["train", Self.program, "--shorten", "1/2", "--quiet", "--output", folder(name)] + more)
    #expect(outcome.status == 0, "\(outcome.error)")
  }

  private func run(_ arguments: String...) throws -> Tool.Outcome { try Tool.run(arguments, folder: folder.path) }

  private func python() -> String? {
    let named = ProcessInfo.processInfo.environment["DRNC_TORCH_PYTHON"]
    let own = Repository.url(".build-python/bin/python").path
    return [named, own].compactMap { $0 }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  @Test("a folder of a sweep stands for its runs in a page") func sweepFolder() throws {
    try train()
    try train("runs/sweep/a")
    try train("runs/sweep/b")
    let page = try run("report", "runs/one", "runs/sweep", "--output", "-")
    #expect(page.status == 0, "\(page.error)")
    let each = try run("report", "runs/one", "runs/sweep/a", "runs/sweep/b", "--output", "-")
    #expect(page.output == each.output)
    try FileManager.default.createDirectory(atPath: folder("runs/empty"), withIntermediateDirectories: true)
    #expect(try run("report", "runs/one", "runs/empty", "--output", "-").status != 0)
  }

  @Test("a run becomes a page, which is written again, and nothing else is replaced") func page() throws {
    try train()
    let first = try run("report", "runs/one")
    #expect(first.status == 0 && first.output == "wrote report.html\n" && first.error.isEmpty)
    let page = try folder.text("report.html")
    for part in ["<title>one - drnc</title>", "network tiny on points", "from dense to factored 16", "predicted", "train</span> tiny"] {
      #expect(page.contains(part), "\(part)")
    }
    #expect(try run("report", "runs/one").status == 0)
    #expect(try folder.text("report.html") == page)
    #expect(try run("report", "runs/one", "--output", "-").output == page)
    try folder.write("mine.drn", "data d {}")
    let refused = try run("report", "runs/one", "--output", "mine.drn")
    #expect(refused.status == 73 && refused.error.contains("DRN0051"))
    #expect(try folder.text("mine.drn") == "data d {}")
    #expect(try run("report", "runs/one", "--output", "none/report.html").status == 73)
    #expect(folder.names() == ["mine.drn", "report.html", "runs"])
  }

  @Test("the log has what the page shows, and no time") func log() throws {
    try train()
    let lines = try folder.text("runs/one/log.jsonl").split(separator: "\n").map { try JSON(reading: Array($0.utf8)) }
    let epochs = lines.filter { $0["kind"]?.text == "epoch" }
    #expect(epochs.allSatisfy { $0["arena_bytes"]?.whole ?? 0 > 0 && $0["multiply_adds"]?.whole ?? 0 > 0 })
    let changes = lines.filter { $0["kind"]?.text == "transition" }
    #expect(!changes.isEmpty)
    for change in changes {
      let (before, after) = (change["singular_values"]?.items?.count ?? 0, change["singular_values_after"]?.items?.count ?? 0)
      let ranks = (change["from_rank"]?.whole, change["to_rank"]?.whole)
      // A form with a rank has as many singular values.
      if let rank = ranks.0 { #expect(before == rank) } else { #expect(before >= 32) }
      if let rank = ranks.1 { #expect(after == rank) } else { #expect(after >= 32) }
    }
    let timing = try folder.text("runs/one/timing.csv").split(separator: "\n")
    #expect(timing[0] == "epoch,seconds,steps,milliseconds_per_step,predicted_milliseconds_per_step")
    #expect(timing.dropFirst().allSatisfy { $0.split(separator: ",").count == 5 && Double($0.split(separator: ",")[4]) ?? 0 > 0 })
  }

  @Test("what is no run is refused with its reason, and nothing is written") func refused() throws {
    try FileManager.default.createDirectory(atPath: folder("empty"), withIntermediateDirectories: true)
    try FileManager.default.createDirectory(atPath: folder("cut/log.jsonl"), withIntermediateDirectories: true)
    try FileManager.default.createDirectory(atPath: folder("foreign"), withIntermediateDirectories: true)
    try folder.write("foreign/log.jsonl", "time,level\n")
    try folder.write("file", "")
    for (name, status, reason) in [
      ("none", 66, "there is no such folder"), ("empty", 65, "it has no `log.jsonl`"), ("cut", 65, "it has no `log.jsonl`"),
      ("foreign", 65, "no line is a record"), ("file", 65, "it is no folder"),
    ] {
      for command in [["report", name], ["report", name, "--to", "tensorboard"], ["graph", name]]
      where command[0] == "report" || name.contains("e") {
        guard command[0] == "report" || ["empty", "foreign"].contains(name) else { continue }
        let outcome = try Tool.run(command, folder: folder.path)
        #expect(
          outcome.status == Int32(status) && outcome.error.contains("DRN0830") && outcome.error.contains(reason), "\(command) \(outcome)")
      }
    }
    #expect(try run("runs", "none").status == 66)
    #expect(try run("runs", "empty").error.contains("there is no run in `empty`"))
    #expect(folder.names() == ["cut", "empty", "file", "foreign"])
  }

  @Test("runs are listed, as text and as JSON, what cannot be read below them") func list() throws {
    try train("runs/one")
    try train("runs/deep/two", ["--set", "train.rate=0.01"])
    let listed = try run("runs")
    #expect(listed.status == 0)
    #expect(listed.output.split(separator: "\n").map { $0.prefix { $0 != " " } } == ["run", "deep/two", "one"])
    #expect(try run("runs", "runs/").output == run("runs", "runs").output)
    let sorted = try run("runs", "runs", "--sort", "accuracy", "--json")
    let items = try JSON(reading: Array(sorted.output.utf8)).items ?? []
    let accuracies = items.compactMap { $0["accuracy"] }
    #expect(items.count == 2 && accuracies.count == 2)
    try FileManager.default.createDirectory(atPath: folder("runs/three"), withIntermediateDirectories: true)
    try folder.write("runs/three/log.jsonl", "")
    let partly = try run("runs", "--diagnostics", "plain")
    #expect(partly.status == 65 && partly.output.contains("deep/two") && partly.error.contains("no epoch of the run has ended"))
  }

  @Test("two runs lie over each other") func over() throws {
    try train("a/one")
    try train("b/one", ["--seed", "9"])
    let page = try run("report", "a/one", "b/one", "--output", "-").output
    #expect(page.contains("<h1>2 runs</h1>") && page.contains("<td>train.seed</td><td>1</td><td>9</td>"))
  }

  @Test("a network is drawn from a program and from a run, each in its phase") func graph() throws {
    let program = try Tool.run(["graph", Self.program, "--to", "dot"])
    #expect(program.status == 0 && program.output.contains("32 \u{00D7} 64 factored 16"))
    let dense = try Tool.run(["graph", Self.program, "--to", "dot", "--phase", "1"])
    #expect(dense.output.contains("32 \u{00D7} 64 dense"))
    #expect(try Tool.run(["graph", Self.program, "--phase", "7"]).error.contains("DRN0055"))
    #expect(try Tool.run(["graph", Self.program, "--phase", "-1"]).status == 64)
    let wider = try Tool.run(["graph", Self.program, "--to", "dot", "--set", "tiny.fc1.outputs=48"])
    #expect(wider.output.contains("32 \u{00D7} 48"))
    try train()
    #expect(try run("graph", "runs/one", "--output", "net.svg").output == "wrote net.svg\n")
    #expect(try folder.text("net.svg").contains("factored 16"))
    for more in [["--set", "train.seed=2"], ["--seed", "2"], ["--shorten", "1/2"], ["tiny"]] {
      #expect(try Tool.run(["graph", folder("runs/one")] + more).status == 64, "\(more)")
    }
    #expect(try run("graph", "runs/one", "--phase", "1", "--output", "net.svg").status == 0)
    #expect(try folder.text("net.svg").contains("32 \u{00D7} 64 dense"))
  }

  @Test("TensorBoard reads the event files, value by value") func tensorboard() throws {
    guard let python = python(),
      try Tool.shell("\(python) -c 'import tensorboard.compat.proto.event_pb2'").status == 0
    else {
      print("skipped: no Python with the package tensorboard; name one in DRNC_TORCH_PYTHON")
      return
    }
    try train()
    let written = try run("report", "runs/one", "--to", "tensorboard", "--output", "board")
    #expect(written.output == "wrote board/one/events.out.tfevents.0.drnc\n")
    let script = """
      import sys, struct
      from tensorboard.compat.proto.event_pb2 import Event
      from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import masked_crc32c
      data = open(sys.argv[1], 'rb').read(); place = 0
      while place < len(data):
          length = struct.unpack('<Q', data[place:place + 8])[0]
          assert struct.unpack('<I', data[place + 8:place + 12])[0] == masked_crc32c(data[place:place + 8])
          body = data[place + 12:place + 12 + length]
          assert struct.unpack('<I', data[place + 12 + length:place + 16 + length])[0] == masked_crc32c(body)
          place += 16 + length
          Event.FromString(body)
      from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
      board = EventAccumulator(sys.argv[2]); board.Reload()
      for tag in ['loss/validation', 'rate', 'rank/fc1.weight']:
          for event in board.Scalars(tag): print(tag, event.step, '%.6g' % event.value)
      """
    try folder.write("read.py", script)
    let read = try Tool.shell(
      "\(python) '\(folder("read.py"))' '\(folder("board/one/events.out.tfevents.0.drnc"))' '\(folder("board/one"))' 2>&1")
    #expect(read.status == 0, "\(read.output)")
    let epochs = try folder.text("runs/one/log.jsonl").split(separator: "\n").map { try JSON(reading: Array($0.utf8)) }
      .filter { $0["kind"]?.text == "epoch" }
    #expect(epochs.count == 4)
    for epoch in epochs {
      guard case .number(let loss)? = epoch["validation_loss"], let step = epoch["step"]?.whole else { continue }
      #expect(read.output.contains("loss/validation \(step) \(String(format: "%.6g", Double(Float(loss))))"), "\(read.output)")
    }
    #expect(read.output.contains("rank/fc1.weight 0 16"))
  }
}
