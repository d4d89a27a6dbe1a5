import DrnDiagnostics
import DrnProgram
import DrnSystem
import DrnTensorFile
import DrnTrain

extension Driver {
  /// `drnc batches`: writes what the first steps of a run are fed.
  public func batches(_ request: ProgramRequest, steps: Int, output: String?) -> ExitStatus {
    let loaded: Loaded
    switch load(request) {
    case .failure(let status): return status
    case .success(let value): loaded = value
    }
    let program = loaded.program
    guard !program.remembersExamples else {
      return refuse(
        Diagnostic(
          .noSuchBatches, "an event of the program takes examples out while it trains, so that its batches are not known before", at: nil),
        .failure)
    }
    let path = output ?? "\(program.network.name).batches.safetensors"
    do throws(TrainError) {
      var batches = try StepBatches(program)
      guard steps <= batches.totalSteps else {
        return refuse(
          Diagnostic(
            .noSuchBatches, "the run has \(batches.totalSteps) steps, and \(steps) are asked for", at: nil, help: "give fewer with --steps"),
          .failure)
      }
      let (needed, available) = (batches.mostBytes.multipliedReportingOverflow(by: 2 * steps), MachineMemory.available)
      guard !needed.overflow, needed.partialValue <= available else {
        throw TrainError(
          .memory,
          TrainError.tooLarge("the batches of \(steps) steps", needed: needed.overflow ? .max : needed.partialValue, available: available),
          help: "give fewer with --steps")
      }
      var tensors = batches.rates(steps).map { [$0] } ?? []
      for step in 0..<steps { tensors += try batches.tensors(at: step) }
      let metadata = [("drnc.network", program.network.name), ("drnc.seed", "\(program.training.seed)"), ("drnc.steps", "\(steps)")]
      do { try TensorFile(tensors: tensors, metadata: metadata).write(path: path) } catch {
        return refuseToWrite(path, error.message)
      }
      console.output("wrote \(path): what \(steps) steps are fed\n")
      return .success
    } catch { return report(error, loaded) }
  }
}
