import DrnCPU
import DrnIR
import DrnStableHLO

/// The functions of a phase as XLA is told them, with the ports of the host where what each takes is found and what it gives is put.
struct TranslatedPhase {
  /// One function.
  struct Call {
    let program: StableHLOProgram
    /// Those that are given anew with every run, in the order of the manifest.
    let inputs: [SegmentPort]
    /// Those that are fetched after every run, in the order of the manifest.
    let outputs: [SegmentPort]
  }
  let calls: [Call]
  /// The tensors that live across steps, of all functions together, as a manifest has them and in the host.
  let held: [(port: StableHLOManifest.Port, host: SegmentPort)]

  init(
    _ functions: [String], host: Segment, devices: Int, dividesState: Bool, portable: (Int) throws(IRError) -> Module
  ) throws(EngineError) {
    let module: Module
    do throws(IRError) { module = try portable(devices) } catch { throw EngineError(.defect, error.message) }
    var (calls, names, held) = ([Call](), Set<String>(), [(StableHLOManifest.Port, SegmentPort)]())
    for name in functions {
      guard let function = module.function(name) else { throw EngineError(.defect, "there is no function \(name)") }
      let program: StableHLOProgram
      do throws(TranslationError) {
        program = try StableHLOProgram(function, devices: devices, dividesState: dividesState)
      } catch {
        throw EngineError(.unable, error.message, help: "train with `--engine cpu`", location: error.location)
      }
      do throws(ExecutionError) {
        var (inputs, outputs) = ([SegmentPort](), [SegmentPort]())
        for port in program.manifest.arguments {
          let found = try host.argument(port.name)
          if !port.isHeld { inputs.append(found) } else if names.insert(port.name).inserted { held.append((port, found)) }
        }
        for port in program.manifest.results where !port.isHeld { outputs.append(try host.result(port.name)) }
        calls.append(Call(program: program, inputs: inputs, outputs: outputs))
      } catch { throw EngineError(error) }
    }
    (self.calls, self.held) = (calls, held)
  }
}

extension StableHLOManifest.Port {
  /// Whether the engine keeps it from step to step.
  var isHeld: Bool {
    switch role {
    case .weight, .frozen, .state, .buffer: true
    case .batch, .scalar, .key, .output, .plain: false
    }
  }
}
