import DrnTestSupport
import Foundation
import Testing

@Suite("The command line", .serialized) struct ProcessStatusTests {
  /// A command, its exit status, and what its standard error must say.
  struct Refusal: CustomTestStringConvertible {
    let arguments: [String]
    let status: Int32
    let words: [String]
    init(_ arguments: [String], _ status: Int32, _ words: [String]) {
      self.arguments = arguments
      self.status = status
      self.words = words
    }
    var testDescription: String { arguments.joined(separator: " ").replacingOccurrences(of: Repository.root.path, with: "") }
  }

  private static let model = Models.path("tiny")

  static let refusals = [
    Refusal(["check", Models.path("quikstart")], 66, ["DRN0050", "did you mean", "quickstart.drn"]),
    Refusal(["check", Repository.root.path + "/models/quickstart"], 66, ["did you mean", "quickstart.drn"]),
    Refusal(["check", Repository.root.path + "/models"], 66, ["is a folder", "core.drn"]),
    Refusal(["check", "/dev/zero"], 66, ["longer than"]),
    Refusal(["check", model, "--set", "train.lenght=3epochs"], 1, ["DRN0003", "train.length"]),
    Refusal(["check", model, "--set", "train.batch=many"], 1, ["train.batch"]),
    Refusal(["check", model, "--set", "train.length=3"], 1, ["train.length"]),
    Refusal(["check", model, "--set", "train.length"], 64, ["DRN0052", "name=value"]),
    Refusal(["check", model, "--set", "=3"], 64, ["DRN0052"]),
    Refusal(["check", model, "--shorten", "2"], 64, ["DRN0053", "1/50"]),
    Refusal(["check", model, "--shorten", "1/0"], 64, ["DRN0053"]),
    Refusal(["check", model, "--shorten", "1/99999999999999999999"], 64, ["DRN0053"]),
    Refusal(["train", model, "--stop-after", "3"], 64, ["DRN0054", "3 epochs"]),
    Refusal(["train", model, "--stop-after", "-1 steps"], 64, ["DRN0054"]),
    Refusal(["train", model, "--stop-after", "99999999999999999999 steps"], 64, ["DRN0054"]),
    Refusal(["train", model, "--threads", "0"], 64, ["--threads"]),
    Refusal(["check", model, "--threads", "1025"], 64, ["--threads"]),
    Refusal(["train", model, "--output", "/proc/nowhere"], 73, ["DRN07", "/proc/nowhere"]),
    Refusal(["dump-ir", model, "--at", "3"], 64, ["DRN0054", "step 2500"]),
    Refusal(["dump-ir", model, "--at", "epoch 8"], 1, ["DRN0055", "ends at epoch 8"]),
    Refusal(["dump-ir", model, "--phase", "3"], 1, ["DRN0055", "phases 0 to 2"]),
    Refusal(["dump-ir", model, "--phase", "-1"], 1, ["DRN0055"]),
    Refusal(["dump-ir", model, "--transition", "0:2"], 1, ["DRN0055", "adjacent"]),
    Refusal(["dump-ir", model, "--phase", "1", "--at", "epoch 1"], 64, ["together"]),
    Refusal(["chek", model], 64, ["chek", "Did you mean 'check'?"]),
    Refusal(["dump", model], 64, ["Did you mean 'dump-ir'?"]),
    Refusal(["help", "trian"], 64, ["Did you mean 'train'?"]),
    Refusal([model], 64, ["drnc check"]),
    Refusal(["check", "--cots", model], 64, ["--cost"]),
    Refusal(["check"], 64, ["file"]),
    Refusal(["check", model, "--seed", "-1"], 64, ["-1", "--seed"]),
    Refusal(["explain", "DRN9999"], 1, ["DRN0057"]),
    Refusal(["explain"], 64, ["--list"]),
    Refusal(["methods", "sdg"], 1, ["DRN0058", "sgd"]),
    Refusal(["new", "/nowhere/x.drn"], 73, ["DRN0051", "No such file or directory"]),
    Refusal(["new", model], 73, ["exists already"]),
    Refusal(["benchmark"], 64, ["--machine"]),
    Refusal(["benchmark", model, "--phase", "7"], 1, ["phases 0 to 2"]),
  ]

  @Test("refuses what it cannot do: status, message on standard error, nothing on standard output", arguments: refusals)
  func refuses(_ refusal: Refusal) throws {
    let outcome = try Tool.run(refusal.arguments)
    #expect(outcome.status == refusal.status && outcome.signal == 0, "\(outcome)")
    #expect(outcome.output.isEmpty)
    for word in refusal.words { #expect(outcome.error.contains(word), "\(outcome.error)") }
  }

  static let results: [(arguments: [String], word: String)] = [
    (["--version"], "."), (["--help"], "SUBCOMMANDS"), (["help", "train"], "--stop-after"),
    (["check", model, "--cost"], "average trainable"),
    (["check", model, "--schedule"], "epoch 2"), (["check", model, "--selectors"], "fc1  linear -> ["), (["dump-ir", model], "func @step"),
    (["dump-ir", model, "--at", "epoch 7", "--stage", "optimized"], "func @step"), (["dump-ir", model, "--stage", "plan"], "step"),
    (["dump-ir", model, "--transition", "1:2"], "func @transition"),
    (["dump-ir", model, "--transition", "1:2", "--stage", "plan"], "transition"),
    (["explain", "DRN0301"], "rank"), (["explain", "drn0301"], "rank"), (["explain", "cold_optimizer"], "DRN0504"),
    (["methods", "sgd"], "momentum"), (["methods", "--transitions"], "factored"),
  ]

  @Test("prints results on standard output and nothing else on standard error", arguments: results.indices)
  func prints(_ index: Int) throws {
    let arguments = Self.results[index].arguments
    let outcome = try Tool.run(arguments)
    // What is slow on this machine is a hint that only `--cost` can give.
    let isQuiet = outcome.error.isEmpty || arguments.contains("--cost") && outcome.error.hasPrefix("hint[DRN0603]")
    #expect(outcome.status == 0 && isQuiet, "\(outcome)")
    #expect(outcome.output.contains(Self.results[index].word), "\(outcome.output)")
  }

  @Test("every stage of a dump differs from the others")
  func stages() throws {
    for arguments in [["--phase", "0"], ["--transition", "1:2"]] {
      let texts = try ["lowered", "optimized", "plan"].map { try Tool.run(["dump-ir", Self.model, "--stage", $0] + arguments).output }
      #expect(Set(texts).count == 3)
    }
  }

  @Test("reads standard input for -")
  func standardInput() throws {
    let text = try String(contentsOfFile: Self.model, encoding: .utf8)
    #expect(try Tool.run(["check", "-"], input: text).status == 0)
    let broken = try Tool.run(["check", "-"], input: text.changing("batch: 64", to: "batch: 0"))
    #expect(broken.status == 1 && broken.error.contains("<standard input>"))
    #expect(try Tool.run(["check", "-"], input: "").error.contains("DRN0056"))
  }

  @Test("a time shortened on the command line is shown with its old and new value")
  func shortens() throws {
    let outcome = try Tool.run(["check", Self.model, "--shorten", "1/2", "--set", "train.batch=32", "--schedule"])
    #expect(outcome.status == 0 && outcome.error.contains("8 epochs is now 4") && outcome.output.contains("epoch 4"), "\(outcome)")
  }

  @Test("a plan is for the threads asked for")
  func plannedThreads() throws {
    let plans = try ["1", "3"].map { try Tool.run(["dump-ir", Self.model, "--stage", "plan", "--threads", $0]).output }
    #expect(plans[0] != plans[1] && plans.allSatisfy { $0.contains("step") })
  }
}
