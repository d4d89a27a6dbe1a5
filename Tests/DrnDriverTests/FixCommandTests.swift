import DrnDriver
import DrnTestSupport
import Foundation
import Testing

@Suite("drnc fix") struct FixCommandTests {
  private static let faulty = """
    data points {
      source: synthetic(examples: 1280)
      point: tensor[32]
      label: class(4)
    }
    network small(point: tensor[32]) -> tensor[4] {
      return point |> linear(64) |> relu |> head: linear(4)
    }
    train small on points {
      length: 4 epochs
      batch: 32
      loss cross_entropy
      optimizer: sgd(momentun: 0.9)
      rate: 0.1
      state: carry
    }

    """

  private func fix(_ text: String, unsafe: Bool = false, dryRun: Bool = false) throws -> (Int32, Transcript, String) {
    let folder = try TemporaryFolder()
    try folder.write("a.drn", text)
    let transcript = Transcript()
    let request = FixRequest(path: folder.path + "/a.drn", takesUnsafe: unsafe, isDryRun: dryRun)
    let status = transcript.driver().fix(request)
    return (status.rawValue, transcript, try folder.text("a.drn"))
  }

  @Test("safe fixes only, unless asked; what is left is reported")
  func safe() throws {
    let (status, transcript, text) = try fix(Self.faulty)
    #expect(status == 1 && text.contains("loss: cross_entropy") && text.contains("|> linear: linear(64)") && text.contains("momentun"))
    #expect(transcript.output.contains("a.drn:12:7: fixed DRN0107 missing_colon: insert `:`"), "\(transcript.output)")
    #expect(transcript.error.contains("error: `sgd` has no option `momentun` [DRN0204]"))
    #expect(transcript.error.contains("1 is left, 1 of them with a fix that `--unsafe` applies"), "\(transcript.error)")
  }

  @Test("rounds go on until nothing is left: one fix uncovers the next")
  func unsafe() throws {
    let (status, transcript, text) = try fix(Self.faulty, unsafe: true)
    #expect(status == 0 && text.contains("sgd(momentum: 0.9)") && !text.contains("state: carry"), "\(text)")
    #expect(transcript.error == "fixed 4 problems\n", "\(transcript.error)")
    let (again, second, same) = try fix(text, unsafe: true)
    #expect(again == 0 && second.output.isEmpty && same == text)
  }

  @Test("a dry run prints a patch that makes the same file, and changes nothing")
  func dryRun() throws {
    let (status, transcript, text) = try fix(Self.faulty, unsafe: true, dryRun: true)
    #expect(status == 1 && text == Self.faulty)
    #expect(transcript.output.hasPrefix("--- ") && transcript.error.contains("would fix 4 problems"))
    let folder = try TemporaryFolder()
    try folder.write("a.drn", Self.faulty)
    try folder.write("a.patch", transcript.output)
    let patched = try Tool.shell("command -v patch >/dev/null || exit 3; patch -s a.drn a.patch", folder: folder.path)
    guard patched.status != 3 else { return print("skipped: there is no `patch` to apply the patch with") }
    #expect(patched.status == 0, "\(patched.error)")
    #expect(try folder.text("a.drn") == fix(Self.faulty, unsafe: true).2)
  }

  @Test("problems are those under the settings of --set, which is not written")
  func overrides() throws {
    let (_, _, clean) = try fix(Self.faulty, unsafe: true)
    let folder = try TemporaryFolder()
    try folder.write("a.drn", clean)
    let path = folder.path + "/a.drn"
    let outcome = try Tool.run(["fix", path, "--unsafe", "--set", "train.batch=4000"])
    #expect(outcome.status == 1 && outcome.error.contains("DRN0407"), "\(outcome.error)")
    #expect(try folder.text("a.drn") == clean)
    let plain = try Tool.run(["fix", path, "--set", "train.decay=product", "--set", "train.weight_decay=1e-4"])
    #expect(plain.status == 0 && plain.error.contains("`decay` has no effect"), "\(plain.error)")
    #expect(try folder.text("a.drn") == clean)
    // Times that `--shorten` has scaled must not be written.
    #expect(try Tool.run(["fix", path, "--shorten", "1/2"]).status == 64)
    #expect(try Tool.run(["fix", path, "--set", "batch"]).status == 64)
  }

  @Test("a clean program is left alone")
  func clean() throws {
    let (_, _, text) = try fix(Self.faulty, unsafe: true)
    let (status, transcript, same) = try fix(text, dryRun: true)
    #expect(status == 0 && transcript.output.isEmpty && same == text)
  }

  @Test("standard input goes to standard output")
  func stream() throws {
    let outcome = try Tool.run(["fix", "-", "--unsafe", "--diagnostics", "plain"], input: Self.faulty)
    #expect(outcome.status == 0 && outcome.output.contains("momentum: 0.9") && outcome.output.hasPrefix("data points"), "\(outcome.error)")
  }

  @Test("a file that cannot be read, and a level that does not exist")
  func refused() throws {
    let transcript = Transcript()
    #expect(transcript.driver().fix(FixRequest(path: "/nowhere/a.drn")).rawValue == 66)
    let lints = LintRequest(denied: ["cold-optimiser"])
    #expect(transcript.driver().fix(FixRequest(path: Models.path("tiny"), lints: lints)).rawValue == 64)
    #expect(transcript.error.contains("names no lint"))
  }
}
