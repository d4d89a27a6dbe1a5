import DrnDiagnostics
import DrnProgram
import DrnReport
import DrnSource
import DrnSystem

extension Driver {
  /// `drnc graph FILE|RUN`.
  public func graph(_ request: GraphRequest) -> ExitStatus {
    let graph: NetworkGraph
    switch network(request) {
    case .failure(let status): return status
    case .success(let found): graph = found
    }
    let text: String
    switch request.format {
    case .dot: text = graph.dot
    case .svg: text = graph.svg
    }
    guard let path = request.output, path != "-" else {
      console.output(text)
      return .success
    }
    let status = writeDrawing(text, to: path) { $0.hasPrefix("digraph network {") || $0.contains("aria-label=\"network ") }
    if status == .success { console.output("wrote \(path)\n") }
    return status
  }

  private func network(_ request: GraphRequest) -> Result<NetworkGraph, ExitStatus> {
    let path = request.program.path
    let (configuration, phase, ranks): (Configuration, Int, [String: Int?])
    if Files.kind(path) == .folder {
      let program = request.program
      guard program.overrides.isEmpty, program.training == nil, program.shorten == nil, program.seed == nil else {
        let problem = "`\(path)` is a run, which nothing changes: --set, --shorten, --seed and the name of a training are for programs"
        return .failure(refuse(Diagnostic(.badOverride, problem, at: nil, help: "name a program, as `\(path)/source.drn`"), .usage))
      }
      switch RunReader.read(path) {
      case .failure(let diagnostic): return .failure(refuse(diagnostic, .badData))
      case .success(let run):
        configuration = run.configuration
        phase = request.phase ?? run.lastPhase
        ranks = run.ranks(inPhase: phase)
      }
      guard !configuration.layers.isEmpty else {
        return .failure(
          refuse(
            Diagnostic(.runUnreadable, "cannot read a network in `\(path)`: its `config.txt` is missing or has no layers", at: nil),
            .badData))
      }
    } else {
      switch load(request.program) {
      case .failure(let status): return .failure(status)
      case .success(let loaded):
        configuration = Configuration(text: Array(resolvedConfiguration(loaded.program).utf8))
        (phase, ranks) = (request.phase ?? 0, [:])
      }
    }
    do throws(ReportFault) { return .success(try NetworkGraph(configuration, phase: phase, ranks: ranks)) } catch {
      return .failure(refuse(Diagnostic(.noSuchPhase, error.message, at: nil, help: error.help), .usage))
    }
  }
}
