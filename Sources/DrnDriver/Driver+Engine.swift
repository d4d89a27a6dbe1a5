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
    let environment = ProcessInfo.processInfo.environment
    let launch = ProcessLaunch(environment: environment)
    let engine: any Engine
    do throws(EngineError) {
      switch request.name {
      case .cpu: return .success(CPUEngine())
      case .jax:
        let messages = Path.join(NSTemporaryDirectory(), "drnc-worker-\(ProcessInfo.processInfo.processIdentifier).log")
        let jax = try JAXEngine(
          devices: request.devices, dividesState: request.dividesState, launch: launch, environment: environment, messages: messages)
        if let remark = jax.remark { console.remark("\(remark)\n") }
        engine = jax
      case .pjrt(let path):
        engine = try PJRTEngine(path: path, devices: request.devices, dividesState: request.dividesState, launch: launch)
      }
    } catch {
      let failure = TrainError(engine: error)
      return .failure(refuse(failure.diagnostic(), failure.kind.status))
    }
    if request.dividesState, engine.identity?.dividesState == false { console.remark("one device has the whole optimizer state\n") }
    let found = checkDevices(program, engine.identity?.devices ?? 1)
    console.report(found, sources: sources)
    return found.contains { $0.severity == .error } ? .failure(.failure) : .success(engine)
  }
}
