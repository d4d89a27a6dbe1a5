import DrnAnalysis
import DrnCompiler
import DrnDiagnostics
import DrnExport
import DrnIR
import DrnProgram
import DrnSource
import DrnStableHLO
import DrnSystem
import DrnTrain

/// What `drnc export --to stablehlo` was asked.
public struct StableHLOExportRequest: Sendable {
  /// A program, whose phases are all written; or the folder of a run, whose saved phase is.
  public let path: String
  /// The folder that is made; `nil` for one named after the network in the current folder.
  public let output: String?
  /// Over how many devices a batch is divided, at least 1.
  public let devices: Int
  /// Whether each device has its own part of the optimizer state.
  public let dividesState: Bool
  /// The phase by its index, from 0; `nil` for what `path` says.
  public let phase: Int?
  public init(path: String, output: String? = nil, devices: Int = 1, dividesState: Bool = false, phase: Int? = nil) {
    (self.path, self.output, self.devices, self.phase) = (path, output, devices, phase)
    self.dividesState = dividesState
  }
}

extension Driver {
  /// `drnc export --to stablehlo`.
  public func exportStableHLO(_ request: StableHLOExportRequest) -> ExitStatus {
    if Files.kind(request.path) == .folder {
      return exportRun(request)
    }
    let loaded: Loaded
    switch load(ProgramRequest(path: request.path)) {
    case .failure(let status): return status
    case .success(let value): loaded = value
    }
    let program = loaded.program
    if let phase = request.phase, let problem = absence(of: phase, in: program) {
      console.report([problem], sources: loaded.sources)
      return .failure
    }
    let compiler = PhaseCompiler(program: program)
    let phases = request.phase.map { [$0] } ?? Array(program.phases.indices)
    if let problem = phases.lazy.compactMap({ undecidedRank(program, phase: $0) }).first {
      console.report([problem], sources: loaded.sources)
      return .failure
    }
    return write(request, compiler, phases.map { ($0, compiler.scheduledRanks(phase: $0)) }, loaded.sources)
  }

  private func exportRun(_ request: StableHLOExportRequest) -> ExitStatus {
    let compiler: PhaseCompiler
    switch self.compiler(ofRun: request.path) {
    case .failure(let status): return status
    case .success(let found): compiler = found
    }
    if let phase = request.phase, let problem = absence(of: phase, in: compiler.program) { return refuse(problem, .failure) }
    do throws(TrainError) {
      let weights = try RunWeights(folder: request.path, compiler: compiler, phase: request.phase)
      return write(request, compiler, [(weights.phase, weights.ranks)], SourceMap())
    } catch { return refuse(error.diagnostic(), error.kind.status) }
  }

  /// A rank that no file can state, as training decides it.
  private func undecidedRank(_ program: CheckedProgram, phase index: Int) -> Diagnostic? {
    let phase = program.phases[index]
    let spans = zip(program.weights, phase.forms).map { (weight: $0, span: $0.spans[$1]) }
    guard let found = spans.first(where: { $0.span.rank == nil }) else { return nil }
    return Diagnostic(
      .exportRanks, "the rank of `\(found.weight.name)` in phase \(index) is decided while training", at: found.span.span,
      label: "from its weights at that moment",
      help: "export the folder of a run, whose ranks are known, or name another phase with --phase")
  }

  private func write(
    _ request: StableHLOExportRequest, _ compiler: PhaseCompiler, _ phases: [(index: Int, ranks: [Int])], _ sources: SourceMap
  ) -> ExitStatus {
    let path = request.output ?? "\(compiler.program.network.name).stablehlo"
    let found = checkDevices(compiler.program, request.devices)
    console.report(found, sources: sources)
    if found.contains(where: { $0.severity == .error }) { return .failure }
    let bundle: StableHLOBundle
    do {
      bundle = try StableHLOBundle(
        compiler, phases: phases, devices: request.devices, dividesState: request.dividesState, version: Self.version)
    } catch let error as TranslationError {
      console.report([Diagnostic(.exportRefused, error.message, at: error.location)], sources: sources)
      return .failure
    } catch { return reportDefect(error as? IRError ?? IRError("\(error)"), sources) }
    do {
      try Files.createFolder(path, holding: bundle.files.map { ($0.name, [Array($0.text.utf8)]) })
    } catch {
      let reason = error.isExisting ? "it is there already" : error.reason
      return refuse(
        Diagnostic(.unwritableFile, "cannot make the folder `\(path)`: \(reason)", at: nil, help: "name a new one with --output"),
        .cannotWrite)
    }
    var text = bundle.files.map { "\(Path.join(path, $0.name)): \($0.text.utf8.count) bytes\n" }.joined()
    for omission in bundle.omissions {
      text += "  phase \(omission.phase): `\(omission.function)` is not written; \(omission.reason)\n"
    }
    console.output(text)
    return .success
  }
}
