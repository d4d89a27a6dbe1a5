import DrnDriver
import DrnTestSupport
import Foundation
import Synchronization
import Testing

/// What a driver wrote to its two streams.
final class Transcript: Sendable {
  private let streams = Mutex<(output: String, error: String)>(("", ""))
  var output: String { streams.withLock { $0.output } }
  var error: String { streams.withLock { $0.error } }

  func append(_ text: String, to stream: Console.Stream) {
    streams.withLock {
      switch stream {
      case .output: $0.output += text
      case .error: $0.error += text
      }
    }
  }

  /// A driver that writes here, in plain text unless asked otherwise.
  func driver(_ format: Console.Format = .plain) -> Driver {
    Driver(console: Console(format: format, color: .never, environment: [:], sink: { [self] in append($0, to: $1) }))
  }
}

@Suite("models/") struct ModelsTests {
  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: Repository.root.path + "/models")) ?? []
    return files.filter { $0.hasSuffix(".drn") }.map { String($0.dropLast(4)) }.sorted()
  }()

  @Test("the models are there")
  func areThere() {
    for name in ["core", "cycles", "dense", "low_rank", "published", "quickstart", "tiny"] { #expect(Self.names.contains(name)) }
  }

  @Test("checks without errors and warnings, is formatted, short, and begins with what it shows", arguments: names)
  func isClean(_ name: String) throws {
    let transcript = Transcript()
    let driver = transcript.driver()
    #expect(driver.check(CheckRequest(program: ProgramRequest(path: Models.path(name)), schedule: true, selectors: true)) == .success)
    #expect(!transcript.error.contains("error") && !transcript.error.contains("warning"), "\(transcript.error)")
    #expect(driver.format([Models.path(name)], checkOnly: true) == .success)
    let text = try String(contentsOfFile: Models.path(name), encoding: .utf8)
    #expect(text.hasPrefix("// ") && text.split(separator: "\n", omittingEmptySubsequences: false).count <= 46)
  }

  @Test("docs/models.md has a row for every model and for no other")
  func areListed() throws {
    let page = try String(contentsOfFile: Repository.root.path + "/docs/models.md", encoding: .utf8)
    let rows = page.split(separator: "\n").compactMap { line in line.firstMatch(of: /^\| \[`([a-z_0-9]+)\.drn`\]/).map { String($0.1) } }
    #expect(rows.sorted() == Self.names)
  }

  @Test("train on average as much of the dense network as docs/models.md says", arguments: names)
  func costs(_ name: String) throws {
    let row = try #require(try Repository.text("docs/models.md").split(separator: "\n").first { $0.hasPrefix("| [`\(name).drn`]") })
    let stated = try #require(row.split(separator: "|").dropFirst().first?.split(separator: " ").last)
    let transcript = Transcript()
    #expect(transcript.driver().check(CheckRequest(program: ProgramRequest(path: Models.path(name)), cost: true)) == .success)
    let line = transcript.output.split(separator: "\n").first { $0.contains("average trainable parameters") } ?? ""
    #expect(line.contains(stated), "\(stated) on the page, \(line)")
  }

  @Test("tiny.drn trains to a good accuracy through its three phases")
  func tinyTrains() throws {
    let folder = try TemporaryFolder()
    let outcome = try Tool.run(["train", Models.path("tiny"), "--threads", "1", "-o", folder.path + "/run"])
    #expect(outcome.status == 0, "\(outcome.error)")
    let rows = try folder.text("run/log.csv").split(separator: "\n").dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    #expect(rows.map { $0[2] } == ["0", "0", "1", "1", "1", "1", "2", "2"])
    // Chance is 25 %; clusters of this noise overlap so that 95 % is the best that was seen.
    #expect(Double(rows.last?[7] ?? "") ?? 0 > 0.85)
  }
}
