import DrnAnalysis
import DrnDiagnostics
import DrnEngines
import DrnProgram
import DrnSource
import DrnSystem
import DrnTrain
import Foundation

extension Driver {
  /// What runs the steps of a program, ready; it has said what is wrong where there is none.
  func engine(_ request: EngineRequest, for program: CheckedProgram, _ sources: SourceMap) -> Result<any Engine, ExitStatus> {
    switch request.name {
    case .cpu: return .success(CPUEngine())
    case .jax: break
    }
    let environment = ProcessInfo.processInfo.environment
    let messages = Path.join(NSTemporaryDirectory(), "drnc-worker-\(ProcessInfo.processInfo.processIdentifier).log")
    let engine: JAXEngine
    do throws(EngineError) {
      engine = try JAXEngine(
        devices: request.devices, launch: ProcessLaunch(environment: environment), environment: environment, messages: messages)
    } catch {
      let failure = TrainError(engine: error)
      return .failure(refuse(failure.diagnostic(), failure.kind.status))
    }
    if let remark = engine.remark { console.remark("\(remark)\n") }
    let found = checkDevices(program, engine.identity?.devices ?? 1)
    console.report(found, sources: sources)
    return found.contains { $0.severity == .error } ? .failure(.failure) : .success(engine)
  }
}
