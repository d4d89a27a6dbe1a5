import DrnAnalysis
import DrnDiagnostics
import DrnIR
import DrnProgram
import DrnSema
import DrnSource
import DrnSyntax
import Foundation

/// The commands of drnc, one method each. Every method prints through the console and returns the exit status.
public struct Driver: Sendable {
  /// The version that `--version`, run folders and SARIF logs state: the one place it is written.
  public static let version = "0.1.0"
  /// The number of threads of a run unless it says otherwise.
  public static var processors: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }
  /// Where the commands write.
  public let console: Console
  public init(console: Console) { self.console = console }

  /// A program that passed the checker, with the texts messages refer to.
  struct Loaded: Sendable {
    /// Those asked for: one, or all of a command that takes several.
    let programs: [CheckedProgram]
    /// The first of them.
    let program: CheckedProgram
    let sources: SourceMap
    let file: FileID
    let result: CheckResult
  }

  /// Reads and checks a program, printing every diagnostic. `text` stands for what is in the file, where it is kept elsewhere.
  func load(_ request: ProgramRequest, text: [UInt8]? = nil, stopAfter: String? = nil, takesOne: Bool = true) -> Result<Loaded, ExitStatus>
  {
    var sources = SourceMap()
    switch text.map({ .success($0) }) ?? SourceLoader.read(request.path) {
    case .failure(let diagnostic):
      console.report([diagnostic], sources: sources)
      return .failure(.noInput)
    case .success(let bytes):
      let file = sources.add(name: request.path == "-" ? "<standard input>" : request.path, bytes: bytes)
      switch options(request, stopAfter: stopAfter) {
      case .failure(let diagnostic):
        console.report([diagnostic], sources: sources)
        return .failure(.usage)
      case .success(let options):
        let unchecked = sources
        let result = DrnSema.check(
          file: file, sources: &sources, options: options, headers: FileDataHeaders(),
          nearestFile: SourceLoader.nearestSibling, read: Self.readImport)
        if let diagnostic = shortenedTooFar(result, file, unchecked, options, request) {
          console.report([diagnostic], sources: sources)
          return .failure(.usage)
        }
        return finishLoading(result, sources, file, request.training, takesOne: takesOne)
      }
    }
  }

  /// The training that is asked for where there are several, or all where the command takes them.
  func finishLoading(
    _ result: CheckResult, _ sources: SourceMap, _ file: FileID, _ training: String?, takesOne: Bool
  ) -> Result<Loaded, ExitStatus> {
    console.report(result.diagnostics, sources: sources)
    let errors = result.diagnostics.filter { $0.severity == .error }
    guard errors.isEmpty else { return .failure(ExitStatus(errors: errors)) }
    guard let program = result.programs.first else {
      let name = sources[file]?.name ?? ""
      console.report(
        [Diagnostic(.nothingToTrain, "`\(name)` has no `train` declaration", at: nil, help: "add `train NETWORK on DATA { ... }`")],
        sources: sources)
      return .failure(.failure)
    }
    let named = result.namedTrainings
    guard let training else {
      guard !takesOne || named.count == 1 else {
        console.report([Self.severalTrainings(named)], sources: sources)
        return .failure(.failure)
      }
      return .success(Loaded(programs: result.programs, program: program, sources: sources, file: file, result: result))
    }
    guard let chosen = result.training(named: training) else {
      console.report([Self.noSuchTraining(training, named)], sources: sources)
      return .failure(.usage)
    }
    return .success(Loaded(programs: [chosen], program: chosen, sources: sources, file: file, result: result))
  }

  private typealias NamedTraining = (name: String, program: CheckedProgram)

  private static func severalTrainings(_ named: [NamedTraining]) -> Diagnostic {
    let labels = named.map { Label($0.program.training.span, "`\($0.name)`, on `\($0.program.data.name)`") }
    return Diagnostic(
      .severalTrainings, "there are \(named.count) `train` declarations, and this command takes one", at: labels[0].span,
      label: labels[0].message, secondary: Array(labels.dropFirst().prefix(5)),
      help: "name one after the file, as in `drnc train FILE '\(named[0].name)'`")
  }

  private static func noSuchTraining(_ name: String, _ named: [NamedTraining]) -> Diagnostic {
    Diagnostic(
      .severalTrainings, "the file has no training `\(name)`", at: nil,
      notes: ["it has " + named.prefix(8).map { "`\($0.name)`" }.joined(separator: ", ") + (named.count > 8 ? ", ..." : "")])
  }

  /// The options of a request, or what of them cannot be read.
  func options(_ request: ProgramRequest, stopAfter: String? = nil) -> Result<CheckOptions, Diagnostic> {
    var options = CheckOptions(seed: request.seed)
    switch request.lints.levels() {
    case .failure(let diagnostic): return .failure(diagnostic)
    case .success(let levels): options.levels = levels
    }
    for text in request.overrides {
      guard let override = CheckOptions.Override(text) else {
        return .failure(
          Diagnostic(.badOverride, "--set takes name=value, not `\(text)`", at: nil, help: "for example --set train.length=3epochs"))
      }
      options.overrides.append(override)
    }
    if let text = request.shorten {
      guard let share = CheckOptions.Share(text) else {
        return .failure(
          Diagnostic(.badShorten, "--shorten takes a quotient of at most 1, not `\(text)`", at: nil, help: "for example --shorten 1/50"))
      }
      options.shorten = share
    }
    if let stopAfter {
      guard let duration = TimeText.duration(stopAfter) else {
        return .failure(
          Diagnostic(
            .badTime, "--stop-after takes a duration, not `\(stopAfter)`", at: nil,
            help: "for example --stop-after \"3 epochs\"; \"0 steps\" writes the initial weights"))
      }
      options.stopAfter = duration
    }
    return .success(options)
  }

  static func readImport(_ path: String) -> [UInt8]? {
    if case .success(let bytes) = SourceLoader.read(path) { bytes } else { nil }
  }

  /// Prints an error that accepted source should never lead to.
  func reportDefect(_ error: IRError, _ sources: SourceMap) -> ExitStatus {
    console.report(
      [
        Diagnostic(
          .defect, "internal error: \(error.message)", at: error.location,
          help: "this is a defect of drnc; please report it with the source")
      ],
      sources: sources)
    return .defect
  }
}
