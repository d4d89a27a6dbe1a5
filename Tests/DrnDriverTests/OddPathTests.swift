import DrnTestSupport
import Foundation
import Testing

/// Every command is given paths that no one would choose. `DRNC_ODD_PATHS=500` tries so many with every command; the suite tries each of
/// fewer with two commands.
@Suite("Odd paths", .serialized) struct OddPathTests {
  private static let asked = ProcessInfo.processInfo.environment["DRNC_ODD_PATHS"].flatMap { Int($0) }

  /// What stands for `P` is the path, quoted for the shell.
  private static let commands = [
    "check -- P", "train --stop-after '1 steps' -- P", "dump-ir -- P", "fix -- P", "fmt -- P", "fmt --check -- P", "explain -- P",
    "new -- P", "benchmark --steps 1 --warm-up 1 -- P", "methods -- P", "parse -- P", "check --set data.source=P M",
    "train M --quiet --stop-after '1 steps' --output P", "train M --quiet --stop-after '1 steps' --resume P",
  ]
  /// These write where they are told.
  private static func writes(_ command: String) -> Bool { command.contains("--output") || command.hasPrefix("new") }

  /// Statuses of the table in the README that an odd path may lead to: neither a signal nor 70, a defect.
  private static let expected: Set<Int32> = [0, 1, 2, 64, 65, 66, 73]

  private static let fixed: [[UInt8]] =
    [
      "x", "é", "x/", "x//", "/", "//", ".", "..", "", " ", "-", "--", "~", "*", "\\", "'", "\"", "\n", "a\nb", "\t", "\u{1B}[31m", "a/",
      "./x",
      "../x", "x/y", "é/", "\u{301}", "a/\u{301}", "🇩", "folder", "folder/", "file", "file/", "file/x", "loop", "loop/x", "gone", "gone/x",
      "pipe", "locked", "locked/x", "/dev/null", "/dev/null/x", "/dev/full", "/dev/zero", "/dev/stdin", "/dev/fd/99", "/proc/self/mem",
      "/proc/self/fd", ".drn", "x.drn/", String(repeating: "a", count: 255), String(repeating: "a", count: 256),
      String(repeating: "a", count: 5000), String(repeating: "a/", count: 2500), String(repeating: "é", count: 2500),
      String(repeating: "../", count: 1500),
    ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0x61, 0xFF, 0x2F, 0xFE], [0xED, 0xA0, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80]]

  private static func paths(_ count: Int) -> [[UInt8]] {
    var generator = SplitMix64(seed: 7)
    let bytes = Array("ax/.. -é\n\t*$`'\"\\\u{301}".utf8) + [0x80, 0xFF, 0x01, 0x7F]
    var paths = Array(fixed.prefix(count))
    while paths.count < count {
      let length = Int.random(in: 0..<5, using: &generator) == 0 ? Int.random(in: 200...5000, using: &generator) : 8
      // No path of the machine itself: it begins with a name of its own.
      paths.append([0x71] + (0..<Int.random(in: 0...length, using: &generator)).map { _ in bytes.randomElement(using: &generator) ?? 0x61 })
    }
    return paths
  }

  private func quoted(_ path: [UInt8]) -> String {
    "$'" + path.map { "\\x" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "'"
  }

  @Test("end every command with a status of the table, never by a signal", .timeLimit(.minutes(60)))
  func everyCommand() throws {
    let folder = try TemporaryFolder()
    _ = try Tool.shell(
      "mkdir folder locked; echo 1 > file; ln -s loop loop; ln -s absent gone; mkfifo pipe; chmod 0 locked", folder: folder.path)
    var lines: [(line: String, path: [UInt8])] = []
    for (index, path) in Self.paths(Self.asked ?? Self.fixed.count).enumerated() {
      for (number, command) in Self.commands.enumerated() {
        if Self.asked == nil, (index + number) % (Self.commands.count / 2) != 0 { continue }
        if Self.writes(command), path.first == 0x2F || path.starts(with: [0x2E, 0x2E]) { continue }
        let words = command.replacingOccurrences(of: "M", with: "'\(Models.path("tiny"))'").replacingOccurrences(
          of: "P", with: quoted(path))
        lines.append((words, path))
      }
    }
    for start in stride(from: 0, to: lines.count, by: 40) {
      let part = lines[start..<min(start + 40, lines.count)]
      let script = part.map { "timeout -s KILL 20 \"$DRNC\" \($0.line) </dev/null >/dev/null 2>&1; echo $?" }
      try folder.write(".script", script.joined(separator: "\n"))
      let output = try Tool.shell(". ./.script", folder: folder.path).output
      let statuses = output.split(separator: "\n").map { Int32($0) ?? -1 }
      #expect(statuses.count == part.count)
      for (status, line) in zip(statuses, part) {
        #expect(Self.expected.contains(status), "status \(status): drnc \(line.line.prefix(400))")
      }
    }
    _ = try Tool.shell("chmod 700 locked", folder: folder.path)
  }

  @Test("are errors of a program with a place too: imports, data, first weights", arguments: ["import", "data", "weights"])
  func inPrograms(_ place: String) throws {
    let folder = try TemporaryFolder()
    _ = try Tool.shell("mkdir folder; echo 1 > file; ln -s loop loop; ln -s absent gone; mkfifo pipe", folder: folder.path)
    let model = try String(contentsOfFile: Models.path("tiny"), encoding: .utf8)
    let paths = Self.paths(Self.asked ?? Self.fixed.count) + [Array("file\0x".utf8), [0]]
    for (index, path) in paths.enumerated() where Self.asked != nil || index % 4 == 0 || path.contains(0) {
      let name = String(decoding: path, as: UTF8.self)
      let text =
        switch place {
        case "import": "import \"\(name)\"\n" + model
        case "data":
          try model.changing("synthetic(examples: 2048, test_examples: 512, noise: 2)", to: "csv(train: \"\(name)\", label: \"a\")")
        default: try model.changing("  batch:", to: "  weights_from: \"\(name)\"\n  batch:")
        }
      try folder.write("odd.drn", text)
      let outcome = try Tool.run(["check", "odd.drn"], folder: folder.path)
      #expect(outcome.signal == 0 && Self.expected.contains(outcome.status), "\(name): \(outcome)")
    }
  }
}
