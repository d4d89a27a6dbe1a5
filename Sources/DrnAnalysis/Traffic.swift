import DrnCompiler
import DrnData
import DrnDiagnostics
import DrnIR
import DrnLowering
import DrnProgram

extension PhaseCompiler {
  /// Bytes of the values that one step of a whole batch adds over so many devices, at least 2, each counted once; 0 where the devices do not divide
  /// the batch, which then is whole on each of them.
  ///
  /// What a network carries depends on how it adds: a ring of N devices sends 2 (N - 1) / N times as much from each of them.
  public func trafficBytes(phase: Int, ranks: [Int], devices: Int) throws(IRError) -> Int {
    let module = try portable(phase: phase, ranks: ranks, devices: devices)
    return module.function(FunctionName.step).flatMap { BatchDivision($0, devices: devices) }?.bytes ?? 0
  }
}

/// What is to be said of a program whose batches are divided over so many devices; lints at their levels.
public func checkDevices(_ program: CheckedProgram, _ devices: Int) -> [Diagnostic] {
  let update = program.batches.whole
  guard devices > 1 else { return [] }
  guard update.examples.isMultiple(of: devices) else {
    let parts = update.parts
    // The least number of examples of a batch whose parts together are a multiple of the devices.
    let unit = (1...devices).first { ($0 * parts).isMultiple(of: devices) } ?? devices
    let (below, above) = (update.size / unit * unit, (update.size / unit + 1) * unit)
    let nearest = below > 0 ? "\(below) or \(above)" : "\(above)"
    return [
      Diagnostic(
        .devicesDivide, "\(devices) devices do not divide the \(update.examples) examples of a step", at: program.training.span,
        help: "a `batch` of \(nearest) is divisible")
    ]
  }
  guard update.parts > 1 else { return [] }
  return program.lintLevels.applied(to: [
    Diagnostic(
      .accumulationTravels,
      "the \(update.parts) parts of an update are not the shares of \(devices) devices, so that examples and \(update.parts) sums of the gradient travel",
      at: program.training.span, help: "take a larger `batch` without `accumulation`")
  ])
}
