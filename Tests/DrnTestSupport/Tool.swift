import Foundation
import Testing

/// The built `drnc`, run as its own process.
public enum Tool {
  /// What a finished process left.
  public struct Outcome {
    /// The status with which it ended, or 0 after a signal.
    public let status: Int32
    /// The signal that ended the process, or 0.
    public let signal: Int32
    /// What it wrote to standard output.
    public let output: String
    /// What it wrote to standard error.
    public let error: String
  }

  /// SwiftPM puts the executable beside the test bundle, whose path is that of this process.
  public static let path: String? = {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    var folder = URL(fileURLWithPath: own).deletingLastPathComponent()
    for _ in 0..<4 {
      let candidate = folder.appendingPathComponent("drnc").path
      if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
      folder.deleteLastPathComponent()
    }
    return nil
  }()

  /// Runs `drnc` to its end.
  public static func run(
    _ arguments: [String], input: String = "", folder: String? = nil, environment: [String: String] = [:]
  ) throws -> Outcome {
    let running = try start(arguments, input: input, folder: folder, environment: environment)
    return try running.finish()
  }

  /// Runs a line of shell in which `$DRNC` is the tool.
  public static func shell(_ line: String, folder: String? = nil) throws -> Outcome {
    try RunningTool("/bin/bash", ["-c", line], input: "", folder: folder, environment: ["DRNC": try #require(path)]).finish()
  }

  /// Begins to run `drnc`.
  public static func start(
    _ arguments: [String], input: String = "", folder: String? = nil, environment: [String: String] = [:]
  ) throws -> RunningTool {
    try RunningTool(
      try #require(path, "drnc is not beside the test bundle"), arguments, input: input, folder: folder, environment: environment)
  }
}

/// A process under way; its streams go to files, so that no pipe can fill.
public final class RunningTool {
  /// What runs.
  public let process = Process()
  private let scratch: TemporaryFolder

  init(_ executable: String, _ arguments: [String], input: String, folder: String?, environment: [String: String]) throws {
    scratch = try TemporaryFolder()
    for name in ["in", "out", "err"] { try scratch.write(name, name == "in" ? input : "") }
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    var variables = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]
    // The kernels that the tests themselves run, so that bytes can be compared.
    for (name, value) in ProcessInfo.processInfo.environment where name.hasPrefix("OPENBLAS_") { variables[name] = value }
    variables.merge(environment) { _, new in new }
    process.environment = variables
    process.standardInput = FileHandle(forReadingAtPath: scratch.path + "/in")
    process.standardOutput = FileHandle(forWritingAtPath: scratch.path + "/out")
    process.standardError = FileHandle(forWritingAtPath: scratch.path + "/err")
    try process.run()
  }

  /// Waits until `condition` holds; false after half a minute.
  public func waits(for condition: () -> Bool) -> Bool {
    for _ in 0..<1500 {
      if condition() { return true }
      usleep(20_000)
    }
    return false
  }

  /// Sends it a signal.
  public func send(_ number: Int32) { kill(process.processIdentifier, number) }

  /// What it wrote to standard error so far.
  public var errorText: String { (try? String(contentsOfFile: scratch.path + "/err", encoding: .utf8)) ?? "" }

  /// Waits for its end; a process that takes more than half a minute is an issue.
  public func finish() throws -> Tool.Outcome {
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

extension String {
  /// The text with the first occurrence of `part` replaced; a test that changes nothing would show nothing.
  public func changing(_ part: String, to replacement: String) throws -> String {
    let found = try #require(self.range(of: part), "`\(part)` does not occur")
    return replacingCharacters(in: found, with: replacement)
  }
}
