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
    let report: CostReport
    do { report = try CostReport(compiler, machine: .measured(threads: options.threads)) } catch { throw TrainError(.defect, error.message) }
    let account = RunAccount(report: report, boundaries: boundaries, step: step)
    return RunSummary(
      folder: folder.path, steps: step, seconds: seconds, stepSeconds: stepSeconds, predictedSeconds: account.predictedSeconds,
      isInterrupted: interrupted, validation: best?.score, bestEpoch: best?.epoch, test: test,
      averageTrainable: trainableSum / Double(max(1, step)), denseTrainable: report.dense.trainableParameters,
      deployedParameters: compiler.deployedParameters(phase: phase, ranks: state.ranks), trainingOperations: account.trainingOperations, peakArenaBytes: peakArenaBytes)
  }

  /// The tensors of the current form. Dense matrices are stored outputs x inputs, as PyTorch's `Linear` keeps them; factors as they are used.
  private func weightsFile(step: Int) throws(TrainError) -> TensorFile {
    let tensors: [TensorInfoShape]
    do { tensors = try shapes() } catch { throw TrainError(.defect, error.message) }
    let stored = tensors.compactMap { info in
      state.tensors[info.name].map { values in
        info.isDenseMatrix
          ? NamedTensor(name: info.name, shape: [info.shape[1], info.shape[0]], floats: transposed(values, rows: info.shape[0], columns: info.shape[1]))
          : NamedTensor(name: info.name, shape: info.shape, floats: values)
      }
    }
    var metadata = [("drnc.network", program.network.name), ("drnc.step", "\(step)"), ("drnc.seed", "\(program.training.seed)")]
    for (index, weight) in program.weights.enumerated() {
      let span = weight.spans[program.phases[phase].forms[index]]
      let rank = state.ranks[index]
      metadata.append(("drnc.form.\(weight.name)", type(of: span.form).spec.name + (rank > 0 ? " rank \(rank)" : "")))
    }
    return TensorFile(tensors: stored, metadata: metadata)
  }

  /// A tensor to save: state of the optimizer is not among them.
  struct TensorInfoShape {
    let name: String
    let shape: [Int]
    let isDenseMatrix: Bool
  }

  private func shapes() throws(IRError) -> [TensorInfoShape] {
    var infos: [TensorInfoShape] = []
    let module = try compiler.lowered(phase: phase)
    for tensor in try compiler.lowering.tensors(phase: phase) where tensor.role != .state {
      let shape = compiler.shape(of: tensor, in: module, ranks: state.ranks)
      let isDense = shape.count == 2 && program.weights.contains { $0.storesDensely(tensor.name) }
      infos.append(TensorInfoShape(name: tensor.name, shape: shape, isDenseMatrix: isDense))
    }
    return infos
  }
}

/// A row-major matrix turned over.
func transposed(_ values: [Float], rows: Int, columns: Int) -> [Float] {
  var result = [Float](repeating: 0, count: values.count)
  for row in 0..<rows {
    for column in 0..<columns { result[column * rows + row] = values[row * columns + column] }
  }
  return result
}

/// What the steps run so far cost in arithmetic.
struct RunAccount {
  /// Multiply-adds per example summed over steps.
  let trainingOperations: Int
  /// By the cost model.
  let predictedSeconds: Double

  init(report: CostReport, boundaries: [Int], step: Int) {
    let steps = report.phases.indices.map { max(0, min(step, boundaries[$0 + 1]) - boundaries[$0]) }
    trainingOperations = zip(steps, report.phases).reduce(0) { $0 &+ $1.0 &* $1.1.trainingOperations }
    predictedSeconds = zip(steps, report.phases).reduce(0) { $0 + Double($1.0) * $1.1.predictedStepTime } / 1e3
  }
}
