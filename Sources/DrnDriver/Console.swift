import DrnDiagnostics
import DrnSource
import Foundation

/// Where a command writes: results to standard output, diagnostics and progress to standard error.
public struct Console: Sendable {
  /// How diagnostics are printed.
  public enum Format: String, Sendable, CaseIterable {
    case terminal, plain, json, github
  }
  /// When colour is used.
  public enum ColorChoice: String, Sendable, CaseIterable {
    case auto, always, never
  }
  public let format: Format
  public let render: RenderOptions
  public let isErrorTerminal: Bool

  /// Reads the environment: `NO_COLOR`, `CLICOLOR_FORCE`, `TERM`, `COLUMNS`, the locale, and whether standard error is a terminal.
  public init(format: Format = .terminal, color: ColorChoice = .auto, environment: [String: String] = ProcessInfo.processInfo.environment) {
    self.format = format
    isErrorTerminal = isatty(STDERR_FILENO) == 1
    let colored: Bool
    switch color {
    case .always: colored = true
    case .never: colored = false
    case .auto:
      let refused = !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
      let forced = !["", "0"].contains(environment["CLICOLOR_FORCE"] ?? "")
      colored = forced || (isErrorTerminal && !refused)
    }
    let locale = (environment["LC_ALL"] ?? environment["LC_CTYPE"] ?? environment["LANG"] ?? "").uppercased()
    render = RenderOptions(color: colored, unicode: locale.contains("UTF"), width: Self.width(environment))
  }

  private static func width(_ environment: [String: String]) -> Int {
    if let columns = environment["COLUMNS"].flatMap(Int.init), columns >= 40 { return min(columns, 400) }
    var size = winsize()
    if ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 40 { return Int(size.ws_col) }
    return 100
  }

  /// Writes to standard output. A closed pipe ends the output silently, as `head` expects.
  public func output(_ text: String) { Self.write(text, to: STDOUT_FILENO) }

  /// Writes to standard error.
  public func error(_ text: String) { Self.write(text, to: STDERR_FILENO) }

  /// Prints diagnostics in the chosen format: JSON to standard output, everything else to standard error.
  public func report(_ diagnostics: [Diagnostic], sources: SourceMap) {
    guard !diagnostics.isEmpty else { return }
    switch format {
    case .terminal: error(renderTerminal(diagnostics, sources: sources, options: render))
    case .plain: error(renderPlain(diagnostics, sources: sources))
    case .json: output(renderJSON(diagnostics, sources: sources))
    case .github: output(renderGitHub(diagnostics, sources: sources))
    }
  }

  private static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count <= 0 {
        if count < 0 && errno == EINTR { continue }
        return
      }
      bytes = bytes.dropFirst(count)
    }
  }
}
