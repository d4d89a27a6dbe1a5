import DrnDiagnostics
import DrnJSON
import DrnSource
import Foundation
import Synchronization

/// Where a command writes: results to standard output; diagnostics and progress, in every format, to standard error.
public struct Console: Sendable {
  /// How diagnostics are printed.
  public enum Format: String, Sendable, CaseIterable {
    case terminal, plain, json, sarif, github
  }
  /// When colour is used.
  public enum ColorChoice: String, Sendable, CaseIterable {
    case auto, always, never
  }
  /// The two streams of a command.
  public enum Stream: Sendable {
    case output, error
  }
  /// How diagnostics are written.
  public let format: Format
  /// Width, colour and characters of drawn diagnostics.
  public let render: RenderOptions
  /// Whether standard error is a terminal on which a line can be written over; never with a sink.
  let isErrorTerminal: Bool
  private let sink: @Sendable (String, Stream) -> Void
  private let collected = CollectedResults()
  private var reported: ReportedTexts?

  /// Reads the environment: `NO_COLOR`, `CLICOLOR_FORCE`, `TERM`, `COLUMNS`, the locale, and whether standard error is a terminal.
  ///
  /// Text goes to `sink`, which by default is the process's own streams. With `ascii` diagnostics are drawn without box characters
  /// whatever the locale says.
  public init(
    format: Format = .terminal, color: ColorChoice = .auto, ascii: Bool = false,
    environment: [String: String] = ProcessInfo.processInfo.environment, sink: (@Sendable (String, Stream) -> Void)? = nil
  ) {
    self.format = format
    self.sink = sink ?? { text, stream in StandardStream.write(text, to: stream) }
    isErrorTerminal = sink == nil && isatty(STDERR_FILENO) == 1
    let colored: Bool
    switch color {
    case .always: colored = true
    case .never: colored = false
    case .auto:
      let refused = !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
      let forced = !["", "0"].contains(environment["CLICOLOR_FORCE"] ?? "")
      colored = forced || (isErrorTerminal && !refused)
    }
    let unicode = !ascii && Self.isUnicode(environment)
    render = RenderOptions(color: colored, unicode: unicode, width: Self.width(environment))
  }

  /// By the first locale variable that is set and not empty, as POSIX has it.
  private static func isUnicode(_ environment: [String: String]) -> Bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
    return (locale ?? "").uppercased().contains("UTF")
  }

  /// Narrower terminals get lines of this length: shorter ones would hold a word each.
  private static let narrowest = 20

  private static func width(_ environment: [String: String]) -> Int {
    if let columns = environment["COLUMNS"].flatMap(Int.init), columns > 0 { return min(max(columns, narrowest), 400) }
    var size = winsize()
    if ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return max(Int(size.ws_col), narrowest) }
    return 100
  }

  /// Writes a result to standard output.
  public func output(_ text: String) { sink(text, .output) }

  /// Writes a value to standard output, on a line of its own.
  public func output(_ json: JSON) { output(json.encoded + "\n") }

  /// Writes to standard error.
  public func error(_ text: String) { sink(text, .error) }

  /// Writes a remark for people to standard error; dropped where diagnostics are printed for machines, so that they stay alone there.
  public func remark(_ text: String) {
    switch format {
    case .terminal, .plain: error(isErrorTerminal ? wrapped(text, width: render.width) : text)
    case .json, .sarif, .github: break
    }
  }

  /// The same streams, for a program that is checked several times: no diagnostic is printed twice.
  func reportingOnce() -> Console {
    var console = self
    console.reported = ReportedTexts()
    return console
  }

  /// More of one call are only counted: nobody reads them, and a damaged file may have one in every line.
  private static let mostDiagnostics = 100

  /// Prints diagnostics in the chosen format; of more than a hundred the first, and how many others there are.
  public func report(_ found: [Diagnostic], sources: SourceMap) {
    let found = reported.map { known in found.filter { known.insert(renderPlain([$0], sources: sources)) } } ?? found
    guard !found.isEmpty else { return }
    let others = found.dropFirst(Self.mostDiagnostics)
    let diagnostics = Array(found.prefix(Self.mostDiagnostics)) + (others.isEmpty ? [] : [moreProblems(others)])
    switch format {
    case .terminal: error(renderTerminal(diagnostics, sources: sources, options: render))
    case .plain: error(renderPlain(diagnostics, sources: sources))
    case .json: error(renderJSON(diagnostics, sources: sources))
    case .sarif: collected.add(diagnostics, sources: sources)
    case .github: error(renderGitHub(diagnostics, sources: sources))
    }
  }

  private func moreProblems(_ others: ArraySlice<Diagnostic>) -> Diagnostic {
    let errors = others.count { $0.severity == .error }
    let milder = others.count - errors
    // Of what is not even kept the number is unknown.
    let most = Diagnostic.mostKept
    func count(_ number: Int) -> String { number < most ? "\(number)" : "over \(number / most * most)" }
    let counts = [(errors, errors == 1 ? "error" : "errors"), (milder, milder == 1 ? "warning" : "warnings and hints")]
    let text = counts.filter { $0.0 > 0 }.map { "\(count($0.0)) more \($0.1)" }.joined(separator: " and ")
    return Diagnostic(
      .moreProblems, "\(text) are not shown", at: nil, help: "mend the first ones and check again",
      severity: others.map(\.severity).max())
  }

  /// The status of a finished command whose results went to standard output: a full device there makes a success a failure. What is
  /// printed only at the end, a SARIF log, is printed now.
  public func settled(_ status: ExitStatus) -> ExitStatus {
    let status = checkedOutput(status)
    if format == .sarif { error(collected.text()) }
    return status
  }

  private func checkedOutput(_ status: ExitStatus) -> ExitStatus {
    let number = StandardStream.outputFailure
    guard number != 0, status == .success else { return status }
    let reason = String(cString: strerror(number))
    report([Diagnostic(.unwritableFile, "cannot write to standard output: \(reason)", at: nil)], sources: SourceMap())
    return .cannotWrite
  }
}

/// Diagnostics kept until the end of a command, since a SARIF log is one document.
private final class CollectedResults: Sendable {
  private let log = Mutex(SARIFLog(version: Driver.version))

  func add(_ diagnostics: [Diagnostic], sources: SourceMap) { log.withLock { $0.add(diagnostics, sources: sources) } }
  func text() -> String { log.withLock { $0.text() } }
}

/// What was printed.
private final class ReportedTexts: Sendable {
  private let texts = Mutex<Set<String>>([])
  /// Whether it is new.
  func insert(_ text: String) -> Bool { texts.withLock { $0.insert(text).inserted } }
}

/// The streams of the process.
enum StandardStream {
  private static let failure = Atomic<Int32>(0)

  /// Why standard output lost something, as an `errno`; 0 if it did not. A closed pipe is no failure: the reader has what it wanted.
  static var outputFailure: Int32 { failure.load(ordering: .relaxed) }

  static func write(_ text: String, to stream: Console.Stream) {
    let descriptor = stream == .output ? STDOUT_FILENO : STDERR_FILENO
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        bytes = bytes.dropFirst(count)
      } else if !canRetry(descriptor, errno, stream) {
        return
      }
    }
  }

  private static func canRetry(_ descriptor: Int32, _ number: Int32, _ stream: Console.Stream) -> Bool {
    if number == EINTR { return true }
    if number == EAGAIN {
      var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      return poll(&request, 1, -1) > 0
    }
    if stream == .output && number != EPIPE { failure.store(number, ordering: .relaxed) }
    return false
  }
}
