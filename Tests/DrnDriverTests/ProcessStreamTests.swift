import DrnDiagnostics
import DrnTestSupport
import Foundation
import Testing

@Suite("Streams", .serialized) struct ProcessStreamTests {
  private static let broken = "network n(x: tensor[4]) -> tensor[2] { return x |> fc: linaer(2) }\ntrain n on d { batch: 0 }\n"

  @Test("a closed pipe ends a command without a word")
  func closedPipe() throws {
    let outcome = try Tool.shell("set -o pipefail; \"$DRNC\" explain --list | head -1; echo \"${PIPESTATUS[0]}\"")
    #expect(outcome.error.isEmpty)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 2 && lines[0].hasPrefix("DRN"))
    // 141 is how a shell shows the end by SIGPIPE; 0 if all fitted into the pipe.
    #expect(["0", "141"].contains(String(lines[1])))
  }

  @Test("a full device for the results is an error", .enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "needs /dev/full"))
  func fullDevice() throws {
    let outcome = try Tool.shell("\"$DRNC\" explain --list > /dev/full")
    #expect(outcome.status == 73 && outcome.error.contains("DRN0051"), "\(outcome)")
  }

  @Test("diagnostics as JSON are lines on standard error that parse, one a diagnostic")
  func json() throws {
    let outcome = try Tool.run(["check", "-", "--diagnostics", "json"], input: Self.broken)
    #expect(outcome.status == 1 && outcome.output.isEmpty)
    let lines = outcome.error.split(separator: "\n")
    #expect(lines.count >= 2)
    for line in lines {
      let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      #expect((object["code"] as? String)?.hasPrefix("DRN") == true)
    }
  }

  @Test("a training prints only JSON where both its log and its diagnostics are JSON")
  func jsonTraining() throws {
    let folder = try TemporaryFolder()
    let outcome = try Tool.run(
      [
        "train", Models.path("tiny"), "--shorten", "1/2", "--stop-after", "2 epochs", "--json", "--diagnostics", "json", "-o",
        folder.path + "/run",
      ])
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
    let records = outcome.output.split(separator: "\n")
    #expect(records.count >= 2)
    for line in records { #expect(try JSONSerialization.jsonObject(with: Data(line.utf8)) is [String: Any]) }
    // The log as it is written, and the summary, which has the result of the test, at the end.
    let (log, summary) = (try folder.text("run/log.jsonl"), try folder.text("run/summary.json"))
    #expect(outcome.output == log + summary)
    #expect(summary.contains("\"test_accuracy\""))
  }

  @Test("annotations for GitHub name file and line")
  func github() throws {
    let outcome = try Tool.run(["check", "-", "--diagnostics", "github"], input: Self.broken)
    #expect(outcome.error.contains("::error file=") && outcome.error.contains("line=1"))
  }

  @Test("colour only where it is asked for")
  func color() throws {
    #expect(!(try Tool.run(["check", "-"], input: Self.broken)).error.contains("\u{1B}["))
    #expect(try Tool.run(["check", "-", "--color", "always"], input: Self.broken).error.contains("\u{1B}["))
  }

  @Test("explain has a page for every code that the list names")
  func explainsEverything() throws {
    let list = try Tool.run(["explain", "--list"]).output.split(separator: "\n").map { String($0.prefix(7)) }
    #expect(list == Code.all.map(\.id))
    for code in Code.all {
      #expect(!code.page.meaning.isEmpty && !code.page.why.isEmpty, "\(code)")
    }
    // One process for each of some, spread over the areas.
    for id in stride(from: 0, to: list.count, by: 12).map({ list[$0] }) {
      #expect(try Tool.run(["explain", id]).output.hasPrefix(id))
    }
  }
}
