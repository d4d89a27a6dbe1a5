import DrnEngines

/// The ports of a segment in which the tensors of an engine are to be found, once they are asked for.
package final class HostTensors {
  private let program: any EngineProgram
  /// Whether the engine has run since they were brought here.
  private var isBehind = false

  init(_ program: any EngineProgram) { self.program = program }

  /// Brings the tensors here, unless they are.
  func refresh() throws(TrainError) {
    guard isBehind else { return }
    do { try program.store() } catch { throw TrainError(engine: error) }
    isBehind = false
  }

  /// Gives them to the engine, after they were written here.
  func handOver() throws(TrainError) {
    do { try program.load() } catch { throw TrainError(engine: error) }
    isBehind = false
  }

  /// Notes that the engine runs.
  func leaveBehind() { isBehind = !program.isHost }
}

extension TrainError {
  /// What an engine reports.
  package init(engine error: EngineError) {
    switch error.kind {
    case .host(let execution): self.init(execution: execution)
    case .missing: self.init(.engineMissing, error.message, help: error.help, notes: error.notes)
    case .version: self.init(.engineVersion, error.message, help: error.help, notes: error.notes)
    case .memory: self.init(.engineMemory, error.message, help: error.help, notes: error.notes)
    case .failed:
      let help = "`drnc train --resume DIR` with the run's folder goes on from the last checkpoint"
      self.init(.engineFailed, error.message, help: error.help ?? help, notes: error.notes)
    case .unable: self.init(.engineUnable, error.message, help: error.help, span: error.location, notes: error.notes)
    case .defect: self.init(.defect, error.message, help: error.help, notes: error.notes)
    }
  }
}
