import DrnAnalysis
import DrnData
import DrnIR
import DrnLowering
import DrnMethods
import DrnSema
import DrnTensorFile
import Foundation

extension Trainer {
  /// Chooses the weights to keep, reads the test split once, writes weights and summary.
  func finish(step: Int, seconds: Double, interrupted: Bool) throws(TrainError) -> RunSummary {
    try segment.store(into: &state)
    if let best, !interrupted { try restore(best) }
    try folder.write("weights.safetensors", try weightsFile(step: step))
    var test: Score?
    if !interrupted, let set = data.test {
      test = try segment.evaluate(Array(0..<set.count), of: set, preparation: data.preparation, top: topK)
    }
    let summary = try summary(step: step, seconds: seconds, interrupted: interrupted, test: test)
    try folder.write("summary.json", summary.json(top: topK))
    return summary
  }

  private func restore(_ best: Best) throws(TrainError) {
    let hasSameRanks = state.ranks == best.ranks
    state.tensors = best.tensors
    state.ranks = best.ranks
    if hasSameRanks { try segment.load(state) } else { try useNewSegment() }
  }

  private var topK: Int { program.training.topK.max() ?? min(5, program.network.outputShape.reduce(1, *)) }

  private func summary(step: Int, seconds: Double, interrupted: Bool, test: Score?) throws(TrainError) -> RunSummary {
    let denseTrainable: Int
    do { denseTrainable = try Lowering(program: program.allDense).trainableParameters } catch { throw TrainError(.defect, error.message) }
    return RunSummary(
      folder: folder.path, steps: step, seconds: seconds, stepSeconds: stepSeconds, predictedSeconds: predictedSeconds,
      isInterrupted: interrupted, hasCheckpoint: !CheckpointFolder(run: folder.path).epochs.isEmpty, validation: best?.score,
      bestEpoch: best?.epoch, test: test,
      averageTrainable: trainableSum / Double(max(1, step)), denseTrainable: denseTrainable,
      finalTrainable: trainableParameters, deployedParameters: compiler.deployedParameters(phase: phase, ranks: state.ranks),
      trainingOperations: trainingOperations, peakArenaBytes: peakArenaBytes)
  }

  /// By the cost model, for the steps run so far at the ranks they had.
  private var predictedSeconds: Double {
    let machine = MachineModel.measured(threads: options.threads)
    return segmentSteps.filter { $0.steps > 0 }.reduce(0) { $0 + Double($1.steps) * machine.milliseconds(of: "step", in: $1.module) / 1e3 }
  }

  /// The tensors of the current form, each in the layout of `StoredLayout`.
  private func weightsFile(step: Int) throws(TrainError) -> TensorFile {
    let tensors: [(name: String, layout: StoredLayout)]
    do { tensors = try layouts() } catch { throw TrainError(.defect, error.message) }
    let stored = tensors.compactMap { name, layout in
      state.tensors[name].map { NamedTensor(name: name, shape: layout.storedShape, floats: layout.stored($0)) }
    }
    var metadata = [("drnc.network", program.network.name), ("drnc.step", "\(step)"), ("drnc.seed", "\(program.training.seed)")]
    for (index, weight) in program.weights.enumerated() {
      let span = weight.spans[program.phases[phase].forms[index]]
      let rank = state.ranks[index]
      metadata.append(("drnc.form.\(weight.name)", type(of: span.form).spec.name + (rank > 0 ? " rank \(rank)" : "")))
    }
    return TensorFile(tensors: stored, metadata: metadata)
  }

  /// What to save: state of the optimizer is not among it.
  private func layouts() throws(IRError) -> [(name: String, layout: StoredLayout)] {
    let module = try compiler.lowered(phase: phase)
    return try compiler.lowering.tensors(phase: phase).filter { $0.role != .state }.map { info in
      let shape = compiler.shape(of: info, in: module, ranks: state.ranks)
      return (info.name, StoredLayout(info, shape: shape, of: info.weight.map { program.weights[$0] }))
    }
  }
}

extension Lowering {
  /// Numbers that the first phase trains; of forms without a rank.
  fileprivate var trainableParameters: Int {
    get throws(IRError) {
      try tensors(phase: 0).filter { $0.role == .weight }.reduce(0) { $0 + $1.shape.reduce(1) { $0 * $1.constant } }
    }
  }
}
