import DrnAnalysis
import DrnCompiler
import DrnData
import DrnIR
import DrnKernels
import DrnLowering
import DrnMethods
import DrnProgram
import DrnTensorFile
import Foundation

extension Trainer {
  /// Settles which weights are kept, reads the test split once, writes weights, the deployed form where it is another one, and the summary.
  func finish(step: Int, seconds: Double, end: RunEnd) throws(TrainError) -> RunSummary {
    let (saved, validation) = try settle(at: step, end)
    var test: Score?
    if end != .interrupted, let score = try testScore() {
      try requireFinite("test_loss", score.loss, at: step)
      test = score
    }
    if let tokenizer = data.tokenizer { try folder.write(RunFolder.tokenizer, tokenizer) }
    try folder.write(ModelDescription.file, ModelDescription(program, data).text + "\n")
    try folder.write(RunFolder.weights, try weightsFile(step: saved.step))
    let deployed = try deployedFile(step: saved.step)
    // One from an earlier stop of the run would be of other weights.
    if let deployed { try folder.write(RunFolder.deployed, deployed) } else { try folder.remove(RunFolder.deployed) }
    let summary = try summary(
      step: step, seconds: seconds, end: end, saved, validation: validation, test: test,
      hasDeployedFile: deployed != nil)
    try folder.write(RunFolder.summary, summary.json)
    return summary
  }

  private func summary(
    step: Int, seconds: Double, end: RunEnd, _ saved: SavedState, validation: Score?, test: Score?, hasDeployedFile: Bool
  ) throws(TrainError) -> RunSummary {
    let denseTrainable: Int
    do { denseTrainable = try Lowering(program: program.allDense).trainableParameters } catch { throw TrainError(.defect, error.message) }
    return RunSummary(
      folder: folder.path, steps: step, seconds: seconds, stepSeconds: stepSeconds, predictedSeconds: predictedSeconds,
      isInterrupted: end == .interrupted, ending: end.text, hasDeployedFile: hasDeployedFile,
      hasCheckpoint: !CheckpointFolder(run: folder.path).places.isEmpty,
      saved: saved, validation: validation, test: test, topK: program.reportedTopK,
      averageTrainable: trainableSum / Double(max(1, step)), denseTrainable: denseTrainable,
      finalTrainable: trainableParameters, deployedParameters: compiler.deployedParameters(phase: phase, ranks: state.ranks),
      trainingOperations: trainingOperations, peakArenaBytes: peakArenaBytes)
  }

  /// By the cost model, for the steps run so far at the ranks they had.
  private var predictedSeconds: Double {
    let machine = MachineModel.measured(threads: options.threads)
    return segmentSteps.filter { $0.steps > 0 }.reduce(0) { sum, segment in
      sum + Double(segment.steps) * machine.milliseconds(of: FunctionName.step, in: segment.module) / 1e3
    }
  }

  /// The time of a whole batch's step at the ranks of now, by the cost model.
  var predictedStepMilliseconds: Double {
    MachineModel.measured(threads: options.threads).milliseconds(of: FunctionName.step, in: segment.module)
  }

  /// The tensors of the current form.
  func weightsFile(step: Int) throws(TrainError) -> TensorFile {
    do {
      let tensors = try compiler.tensors(phase: phase, ranks: state.ranks).filter { $0.info.role != .state }
      return TensorFile(tensors: try stored(tensors) { state.places[$0] }, metadata: metadata(step: step) { $0 })
    } catch let error as TrainError { throw error } catch { throw TrainError(.defect, "\(error)") }
  }

  /// The network as it is deployed, adapters merged into their bases; `nil` where that is how it was trained.
  private func deployedFile(step: Int) throws(TrainError) -> TensorFile? {
    do {
      guard let deployment = try compiler.deployment(phase: phase, ranks: state.ranks) else { return nil }
      let merged = try OneShot.run(deployment, inputs: state.places, key: 0, threads: options.threads).outputs
      let tensors = try stored(try compiler.deployedTensors(phase: phase, ranks: state.ranks)) {
        merged[PortName.deployed($0)].map(TensorPlace.values) ?? state.places[$0]
      }
      return TensorFile(tensors: tensors, metadata: metadata(step: step, form: \.deployedForm))
    } catch let error as TrainError { throw error } catch { throw TrainError(.defect, "\(error)") }
  }

  private func metadata(step: Int, form: (any Parameterization) -> any Parameterization) -> [(String, String)] {
    let run = [
      ("drnc.network", program.network.name), ("drnc.step", "\(step)"), ("drnc.seed", "\(program.training.seed)"),
      (SavedWeights.phaseKey, "\(phase)"), (SavedWeights.ranksKey, RunProgress.text(state.ranks)),
      (ModelDescription.metadataKey, ModelDescription(program, data).text),
    ]
    return run
      + program.weights.enumerated().map { index, weight in
        let form = form(weight.spans[program.phases[phase].forms[index]].form)
        return (WeightPlan.formKey(weight.name), weight.savedForm(form, rank: state.ranks[index]))
      }
  }

  /// Each tensor in the layout of `StoredLayout`.
  private func stored(_ tensors: [PhaseTensor], place: (String) -> TensorPlace?) throws(TrainError) -> [NamedTensor] {
    var stored: [NamedTensor] = []
    for tensor in tensors {
      guard let place = place(tensor.info.name) else { continue }
      let layout = StoredLayout(tensor, of: tensor.info.weight.map { program.weights[$0] })
      stored.append(NamedTensor(name: tensor.info.name, shape: layout.storedShape, floats: layout.stored(try place.values())))
    }
    return stored
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

extension CheckedProgram {
  /// The k of every top-k accuracy that is reported beside the plain one: those asked for, else 5, or fewer where five of the classes
  /// could not miss.
  package var reportedTopK: [Int] {
    guard training.topK.isEmpty, let classes = data.classes else { return training.topK }
    return classes > 2 ? [min(5, classes - 1)] : []
  }
}
