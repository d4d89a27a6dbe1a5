import DrnAnalysis
import DrnData
import DrnIR
import DrnLowering
import DrnMethods
import DrnSema
import DrnTensorFile
import Foundation

extension Trainer {
  /// Settles which weights are kept, reads the test split once, writes weights, the deployed form where it is another one, and the summary.
  func finish(step: Int, seconds: Double, end: RunEnd) throws(TrainError) -> RunSummary {
    let (saved, validation) = try settle(at: step, end)
    var test: Score?
    if end != .interrupted, let set = data.test {
      let score = try segment.evaluate(Array(0..<set.count), of: set, preparation: data.preparation)
      try requireFinite("test_loss", score.loss, at: step)
      test = score
    }
    try folder.write(ModelDescription.file, ModelDescription(program, data).text + "\n")
    try folder.write(RunFolder.weights, try weightsFile(step: saved.step))
    let deployed = try deployedFile(step: saved.step)
    // One from an earlier stop of the run would be of other weights.
    if let deployed { try folder.write(RunFolder.deployed, deployed) } else { try folder.remove(RunFolder.deployed) }
    let summary = try summary(
      step: step, seconds: seconds, isInterrupted: end == .interrupted, saved, validation: validation, test: test,
      hasDeployedFile: deployed != nil)
    try folder.write(RunFolder.summary, summary.json)
    return summary
  }

  /// The k of every top-k accuracy that is reported beside the plain one: those asked for, else 5, or fewer where five of the classes
  /// could not miss.
  private var topK: [Int] {
    guard program.training.topK.isEmpty, let classes = program.data.classes else { return program.training.topK }
    return classes > 2 ? [min(5, classes - 1)] : []
  }

  private func summary(
    step: Int, seconds: Double, isInterrupted: Bool, _ saved: SavedState, validation: Score?, test: Score?, hasDeployedFile: Bool
  ) throws(TrainError) -> RunSummary {
    let denseTrainable: Int
    do { denseTrainable = try Lowering(program: program.allDense).trainableParameters } catch { throw TrainError(.defect, error.message) }
    return RunSummary(
      folder: folder.path, steps: step, seconds: seconds, stepSeconds: stepSeconds, predictedSeconds: predictedSeconds,
      isInterrupted: isInterrupted, hasDeployedFile: hasDeployedFile, hasCheckpoint: !CheckpointFolder(run: folder.path).places.isEmpty,
      saved: saved, validation: validation, test: test, topK: topK,
      averageTrainable: trainableSum / Double(max(1, step)), denseTrainable: denseTrainable,
      finalTrainable: trainableParameters, deployedParameters: compiler.deployedParameters(phase: phase, ranks: state.ranks),
      trainingOperations: trainingOperations, peakArenaBytes: peakArenaBytes)
  }

  /// By the cost model, for the steps run so far at the ranks they had.
  private var predictedSeconds: Double {
    let machine = MachineModel.measured(threads: options.threads)
    return segmentSteps.filter { $0.steps > 0 }.reduce(0) { $0 + Double($1.steps) * machine.milliseconds(of: "step", in: $1.module) / 1e3 }
  }

  /// The tensors of the current form.
  func weightsFile(step: Int) throws(TrainError) -> TensorFile {
    do {
      let tensors = try compiler.lowering.tensors(phase: phase).filter { $0.role != .state }
      return TensorFile(tensors: try stored(tensors) { state.tensors[$0] }, metadata: metadata(step: step) { $0 })
    } catch { throw TrainError(.defect, error.message) }
  }

  /// The network as it is deployed, adapters merged into their bases; `nil` where that is how it was trained.
  private func deployedFile(step: Int) throws(TrainError) -> TensorFile? {
    let module: Module
    do {
      guard let lowered = try compiler.lowering.deployModule(phase: phase) else { return nil }
      module = try compiler.concrete(lowered.module, symbols: lowered.symbols, ranks: state.ranks, root: "deploy")
    } catch { throw TrainError(.defect, error.message) }
    let merged = try OneShot.run(module, "deploy", inputs: state.tensors, key: 0, threads: options.threads).outputs
    do {
      let tensors = try stored(try compiler.lowering.deployedTensors(phase: phase)) { merged["deployed/\($0)"] ?? state.tensors[$0] }
      return TensorFile(tensors: tensors, metadata: metadata(step: step, form: \.deployedForm))
    } catch { throw TrainError(.defect, error.message) }
  }

  private func metadata(step: Int, form: (any Parameterization) -> any Parameterization) -> [(String, String)] {
    let run = [
      ("drnc.network", program.network.name), ("drnc.step", "\(step)"), ("drnc.seed", "\(program.training.seed)"),
      (ModelDescription.metadataKey, ModelDescription(program, data).text),
    ]
    return run
      + program.weights.enumerated().map { index, weight in
        let form = form(weight.spans[program.phases[phase].forms[index]].form)
        return ("drnc.form.\(weight.name)", form.word + (!form.reportsRank ? "" : " rank \(state.ranks[index])"))
      }
  }

  /// Each tensor in the layout of `StoredLayout`.
  private func stored(_ tensors: [TensorInfo], values: (String) -> [Float]?) throws(IRError) -> [NamedTensor] {
    let module = try compiler.lowered(phase: phase)
    return tensors.compactMap { info in
      let shape = compiler.shape(of: info, in: module, ranks: state.ranks)
      let layout = StoredLayout(info, shape: shape, of: info.weight.map { program.weights[$0] })
      return values(info.name).map { NamedTensor(name: info.name, shape: layout.storedShape, floats: layout.stored($0)) }
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
