import Foundation
import Testing

/// The built `drnc`, run as its own process.
struct Tool {
  /// What a finished process left.
  struct Outcome {
    let status: Int32
    /// The signal that ended the process, or 0.
    let signal: Int32
    let output: String
    let error: String
  }

  /// SwiftPM puts the executable beside the test bundle, whose path is that of this process.
  static let path: String? = {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    var folder = URL(fileURLWithPath: own).deletingLastPathComponent()
    for _ in 0..<4 {
      let candidate = folder.appendingPathComponent("drnc").path
      if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
      folder.deleteLastPathComponent()
    }
    return nil
  }()

  /// The repository.
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  static func model(_ name: String) -> String { "\(root)/models/\(name).drn" }

  /// Runs `drnc` to its end.
  static func run(_ arguments: [String], input: String = "", folder: String? = nil) throws -> Outcome {
    let running = try start(arguments, input: input, folder: folder)
    return try running.finish()
  }

  /// Runs a line of shell in which `$DRNC` is the tool.
  static func shell(_ line: String, folder: String? = nil) throws -> Outcome {
    try RunningTool("/bin/bash", ["-c", line], input: "", folder: folder, environment: ["DRNC": try #require(path)]).finish()
  }

  static func start(_ arguments: [String], input: String = "", folder: String? = nil) throws -> RunningTool {
    try RunningTool(try #require(path, "drnc is not beside the test bundle"), arguments, input: input, folder: folder, environment: [:])
  }
}

/// A process under way; its streams go to files, so that no pipe can fill.
final class RunningTool {
  let process = Process()
  private let scratch: ProcessFolder

  init(_ executable: String, _ arguments: [String], input: String, folder: String?, environment: [String: String]) throws {
    scratch = try ProcessFolder()
    for name in ["in", "out", "err"] { try scratch.write(name, name == "in" ? input : "") }
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    var variables = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]
    variables.merge(environment) { _, new in new }
    process.environment = variables
    process.standardInput = FileHandle(forReadingAtPath: scratch.path + "/in")
    process.standardOutput = FileHandle(forWritingAtPath: scratch.path + "/out")
    process.standardError = FileHandle(forWritingAtPath: scratch.path + "/err")
    try process.run()
  }

  /// Waits until `condition` holds; false after half a minute.
  func waits(for condition: () -> Bool) -> Bool {
    for _ in 0..<1500 {
      if condition() { return true }
      usleep(20_000)
    }
    return false
  }

  func send(_ number: Int32) { kill(process.processIdentifier, number) }

  /// What it wrote to standard error so far.
  var errorText: String { (try? String(contentsOfFile: scratch.path + "/err", encoding: .utf8)) ?? "" }

  func finish() throws -> Tool.Outcome {
    if !waits(for: { !process.isRunning }) {
      Issue.record("\(process.arguments ?? []) does not end")
      send(SIGKILL)
    }
    process.waitUntilExit()
    let isSignal = process.terminationReason == .uncaughtSignal
    return Tool.Outcome(
      status: isSignal ? 0 : process.terminationStatus, signal: isSignal ? process.terminationStatus : 0,
      output: try String(contentsOfFile: scratch.path + "/out", encoding: .utf8), error: errorText)
  }
}

/// A folder that is removed with its last reference.
final class ProcessFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "drnc-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  func write(_ name: String, _ text: String) throws { try write(name, Array(text.utf8)) }

  func write(_ name: String, _ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name)) }

  func text(_ name: String) throws -> String { try String(contentsOfFile: path + "/" + name, encoding: .utf8) }

  func names(_ folder: String = "") -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path + "/" + folder)) ?? []).sorted()
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

extension String {
  /// The text with the first occurrence of `part` replaced; a test that changes nothing would show nothing.
  func changing(_ part: String, to replacement: String) throws -> String {
    let found = try #require(self.range(of: part), "`\(part)` does not occur")
    return replacingCharacters(in: found, with: replacement)
  }
}
