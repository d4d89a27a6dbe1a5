import DrnAnalysis
import DrnDiagnostics
import DrnIR
import DrnSema
import DrnSource
import DrnSyntax
import Foundation

/// The commands of drnc, one method each. Every method prints through the console and returns the exit status.
public struct Driver: Sendable {
  public static let version = "0.1.0"
  /// The number of threads of a run unless it says otherwise.
  public static var processors: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }
  public let console: Console
  public init(console: Console) { self.console = console }

  /// A program that passed the checker, with the texts messages refer to.
  struct Loaded {
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
        return finishLoading(result, sources, file, takesOne: takesOne)
      }
    }
  }

  private func finishLoading(_ result: CheckResult, _ sources: SourceMap, _ file: FileID, takesOne: Bool) -> Result<Loaded, ExitStatus> {
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
    if takesOne, let second = result.programs.dropFirst().first {
      console.report([Self.severalTrainings(result.programs, program, second)], sources: sources)
      return .failure(.failure)
    }
    return .success(Loaded(program: program, sources: sources, file: file, result: result))
  }

  private static func severalTrainings(_ programs: [CheckedProgram], _ first: CheckedProgram, _ second: CheckedProgram) -> Diagnostic {
    Diagnostic(
      .severalTrainings, "there are \(programs.count) `train` declarations, and this command takes one", at: second.training.span,
      label: "`train \(second.network.name) on \(second.data.name)`",
      secondary: [Label(first.training.span, "`train \(first.network.name) on \(first.data.name)`")],
      help: "keep each in a file of its own; what they share can be in a file that both `import`")
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
            .badTime, "--stop-after takes a duration of at least one step, not `\(stopAfter)`", at: nil,
            help: "for example --stop-after \"3 epochs\""))
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
