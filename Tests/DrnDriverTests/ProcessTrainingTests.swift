import DrnTensorFile
import DrnTestSupport
import Foundation
import Testing

@Suite("Training as a process", .serialized) struct ProcessTrainingTests {
  private static let endless = ["train", Models.path("tiny"), "--set", "train.length=1000000epochs", "--threads", "1"]

  /// A training that has logged its second epoch.
  private func underWay(_ folder: TemporaryFolder) throws -> RunningTool {
    let running = try Tool.start(Self.endless + ["-o", folder.path + "/run"])
    let started = running.waits { ((try? folder.text("run/log.csv")) ?? "").split(separator: "\n").count > 2 }
    #expect(started, "\(running.errorText)")
    return running
  }

  private func parsedLog(_ folder: TemporaryFolder) throws -> [[String: Any]] {
    try folder.text("run/log.jsonl").split(separator: "\n").map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
    }
  }

  @Test(
    "a signal stops cleanly: its own status, readable weights, a log to the last line, no temporary file",
    arguments: [SIGINT, SIGTERM, SIGHUP])
  func signals(_ number: Int32) throws {
    let folder = try TemporaryFolder()
    let running = try underWay(folder)
    running.send(number)
    let outcome = try running.finish()
    #expect(outcome.status == (number == SIGINT ? 130 : 143) && outcome.signal == 0, "\(outcome)")
    #expect(outcome.error.contains("DRN0703") && outcome.error.contains("weights.safetensors"))
    let weights = try TensorFile.read(path: folder.path + "/run/weights.safetensors")
    #expect(weights.tensors.contains { $0.name == "head.weight" })
    #expect(Int(weights.metadataValue("drnc.step") ?? "") ?? 0 > 0)
    #expect(try !parsedLog(folder).isEmpty)
    #expect(folder.names("run").filter { $0.hasPrefix(".") || $0.hasSuffix(".tmp") } == [])
  }

  @Test("a hangup that is ignored where the process starts, as under nohup, stays so")
  func ignoredHangup() throws {
    let folder = try TemporaryFolder()
    let outcome = try Tool.shell(
      """
      trap '' HUP
      "$DRNC" train '\(Models.path("tiny"))' --threads 1 --stop-after '3 epochs' --quiet -o run & run=$!
      until [ -s run/log.jsonl ]; do sleep 0.02; done
      kill -HUP $run; wait $run
      """, folder: folder.path)
    #expect(outcome.status == 0, "\(outcome)")
    #expect(folder.names("run").contains("weights.safetensors"))
  }

  @Test("kill -9 leaves a log that reads to its last line, and no weights")
  func killed() throws {
    let folder = try TemporaryFolder()
    let running = try underWay(folder)
    running.send(SIGKILL)
    #expect(try running.finish().signal == SIGKILL)
    #expect(
      try parsedLog(folder).contains { $0["kind"] as? String == "epoch" || $0["event"] as? String == "epoch" || $0["train_loss"] != nil })
    #expect(!folder.names("run").contains("weights.safetensors"))
  }

  @Test("a reader that ends first does not end the training")
  func closedPipe() throws {
    let folder = try TemporaryFolder()
    let outcome = try Tool.shell(
      "\"$DRNC\" train '\(Models.path("tiny"))' --threads 1 --stop-after '3 epochs' -o run 2>&1 | head -1", folder: folder.path)
    #expect(outcome.output.hasPrefix("training tiny"))
    #expect(folder.names("run").contains("weights.safetensors"))
  }

  @Test("--stop-after \"0 steps\" writes the initial weights, and what goes on from there is the run that was never stopped")
  func noStep() throws {
    let folder = try TemporaryFolder()
    let train = ["train", Models.path("tiny"), "--threads", "1", "--quiet"]
    #expect(try Tool.run(train + ["-o", folder("part"), "--stop-after", "0 steps"]).status == 0)
    #expect(try folder.text("part/summary.json").contains("\"steps\": 0, \"interrupted\": \"no\""))
    #expect(try folder.text("part/summary.json").contains("\"saved\": \"the beginning: no step was run\""))
    #expect(try folder.text("part/log.jsonl").isEmpty)
    let inspected = try Tool.run(["inspect", folder("part")])
    #expect(inspected.status == 0 && inspected.output.contains("step: 0"), "\(inspected.error)")
    #expect(try Tool.run(["train", "--resume", folder("part"), "--threads", "1", "--quiet"]).status == 0)
    #expect(try Tool.run(train + ["-o", folder("whole")]).status == 0)
    for name in ["weights.safetensors", "log.jsonl", "summary.json"] {
      #expect(try folder.bytes("part/\(name)") == folder.bytes("whole/\(name)"), "\(name)")
    }
  }

  @Test("a folder that holds a run is left as it is")
  func existingRun() throws {
    let folder = try TemporaryFolder()
    let arguments = ["train", Models.path("tiny"), "--stop-after", "1 steps", "-o", folder.path + "/run"]
    #expect(try Tool.run(arguments).status == 0)
    let log = try folder.text("run/log.jsonl")
    let outcome = try Tool.run(arguments + ["--seed", "2"])
    #expect(outcome.status == 73 && outcome.error.contains("DRN0704"), "\(outcome)")
    #expect(try folder.text("run/log.jsonl") == log)
    // Weights without their log are a result too.
    let weights = folder.path + "/run/weights.safetensors"
    let kept = try Data(contentsOf: URL(fileURLWithPath: weights))
    for name in folder.names("run") where name != "weights.safetensors" {
      try FileManager.default.removeItem(atPath: folder.path + "/run/" + name)
    }
    #expect(try Tool.run(arguments + ["--seed", "2"]).status == 73)
    #expect(try Data(contentsOf: URL(fileURLWithPath: weights)) == kept)
  }

  @Test("a full disk is an error with a code, and leaves no half-written weights")
  func fullDisk() throws {
    let folder = try TemporaryFolder()
    // A limit on the size of files stands for a full disk: writing fails in the same way, and it takes no rights to set.
    let line = "trap '' XFSZ; ulimit -f 12; exec \"$DRNC\" train '\(Models.path("tiny"))' --threads 1 --stop-after '3 steps' --quiet -o run"
    let outcome = try Tool.shell(line, folder: folder.path)
    #expect(outcome.status == 73 && outcome.error.contains("DRN0705"), "\(outcome)")
    #expect(folder.names("run").filter { $0.hasPrefix("weights") || $0.hasPrefix(".") || $0.hasSuffix(".tmp") } == [])
  }

  @Test("a plan past the machine's memory is refused by the price and by the training, at the declaration, before a folder is made")
  func tooLarge() throws {
    let folder = try TemporaryFolder()
    // A result of 10^11 numbers: 400 GB, between weights of 80 MB.
    let source = """
      data points {
        source: synthetic(200000)
        x: tensor[10]
        label: class(10)
      }
      network net(x: tensor[10]) -> tensor[10] {
        return x |> fc1: linear(1000000) |> relu |> head: linear(10)
      }
      train net on points {
        length: 1 epochs
        batch: 100000
        loss: cross_entropy
        optimizer: sgd(momentum: 0.9)
        rate: 0.1
      }
      """
    try folder.write("large.drn", source)
    let priced = try Tool.run(["check", folder.path + "/large.drn", "--cost", "--diagnostics", "plain"])
    #expect(priced.status == 1 && priced.output.contains("predicted:"))
    #expect(priced.error.contains("large.drn:9:1: error: phase 0 needs"), "\(priced.error)")
    let trained = try Tool.run(["train", folder.path + "/large.drn", "--diagnostics", "plain", "--output", folder.path + "/run"])
    #expect(trained.status == 1 && trained.error.contains("large.drn:9:1: error: a segment of the run needs"), "\(trained.error)")
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/run"))
  }

  @Test("the file of weights_from is looked at by check: absent, with a tensor of another shape, and sound")
  func savedWeights() throws {
    let folder = try TemporaryFolder()
    let model = try String(contentsOfFile: Models.path("tiny"), encoding: .utf8)
    try folder.write("tiny.drn", model)
    let start = ["train", "tiny.drn", "--stop-after", "1 steps", "--quiet", "-o"]
    #expect(try Tool.run(start + ["run"], folder: folder.path).status == 0)
    try folder.write("wide.drn", model.replacingOccurrences(of: "fc1: linear(64)", with: "fc1: linear(96)"))
    #expect(try Tool.run(["train", "wide.drn", "--stop-after", "1 steps", "--quiet", "-o", "wide"], folder: folder.path).status == 0)
    func check(_ file: String) throws -> Tool.Outcome {
      try folder.write("from.drn", model.replacingOccurrences(of: "  batch:", with: "  weights_from: \"\(file)\"\n  batch:"))
      return try Tool.run(["check", "from.drn"], folder: folder.path)
    }
    let absent = try check("nowhere.safetensors")
    #expect(absent.status == 0 && absent.error.contains("DRN0514") && absent.error.contains("nowhere.safetensors"), "\(absent.error)")
    let other = try check("wide/weights.safetensors")
    #expect(other.status == 65 && other.error.contains("DRN0801") && other.error.contains("from.drn:"), "\(other.error)")
    let sound = try check("run/weights.safetensors")
    #expect(sound.status == 0 && sound.error == "", "\(sound.error)")
  }

  @Test("every top-k accuracy that is asked for is in the summary, and by default one that can fail")
  func topK() throws {
    let folder = try TemporaryFolder()
    let model = try String(contentsOfFile: Models.path("tiny"), encoding: .utf8)
    func names(_ setting: String, _ run: String) throws -> [String] {
      try folder.write("tiny.drn", model.replacingOccurrences(of: "  batch:", with: "  \(setting)\n  batch:"))
      #expect(try Tool.run(["train", "tiny.drn", "--stop-after", "1 epochs", "--quiet", "-o", run], folder: folder.path).status == 0)
      let text = try folder.text(run + "/summary.json")
      return text.split(separator: "\"").map(String.init).filter { $0.hasPrefix("test_top") }
    }
    // There are four classes.
    #expect(try names("", "a") == ["test_top3_accuracy"])
    #expect(try names("top_k: [1, 2]", "b") == ["test_top1_accuracy", "test_top2_accuracy"])
  }

  @Test("training without --output numbers the folders under runs/")
  func numbersFolders() throws {
    let folder = try TemporaryFolder()
    for _ in 0..<2 {
      #expect(try Tool.run(["train", Models.path("tiny"), "--stop-after", "1 steps", "--quiet"], folder: folder.path).status == 0)
    }
    #expect(folder.names("runs") == ["tiny-1", "tiny-2"])
    let expected = [
      "checkpoints", "config.txt", "log.csv", "log.jsonl", "model.json", "run.json", "run.lock", "source.drn", "summary.json", "timing.csv",
      "weights.safetensors",
    ]
    #expect(folder.names("runs/tiny-1") == expected)
    #expect(try folder.text("runs/tiny-1/source.drn") == String(contentsOfFile: Models.path("tiny"), encoding: .utf8))
    #expect(try folder.text("runs/tiny-1/config.txt").contains("fc1"))
  }

  @Test("a rate that diverges ends with status 2 and keeps the log")
  func diverges() throws {
    let folder = try TemporaryFolder()
    let outcome = try Tool.run(["train", Models.path("tiny"), "--set", "train.rate=1e6", "--quiet", "-o", folder.path + "/run"])
    #expect(outcome.status == 2 && outcome.error.contains("DRN0701"), "\(outcome)")
    #expect(folder.names("run").contains("log.jsonl"))
    let evaluation = try Tool.run(["eval", folder.path + "/run"])
    #expect(evaluation.status != 0 && evaluation.error.contains("diverged") && !evaluation.error.contains("--resume"), "\(evaluation)")
  }

  @Test("what new writes checks without a word, is formatted, and trains")
  func newModel() throws {
    let folder = try TemporaryFolder()
    #expect(try Tool.run(["new", "mine"], folder: folder.path).output.contains("mine.drn"))
    let check = try Tool.run(["check", "mine.drn"], folder: folder.path)
    #expect(check.status == 0 && check.error.isEmpty, "\(check.error)")
    #expect(try Tool.run(["fmt", "--check", "mine.drn"], folder: folder.path).status == 0)
    #expect(try Tool.run(["train", "mine.drn", "--stop-after", "2 steps"], folder: folder.path).status == 0)
  }
}
