import DrnAnalysis
import DrnCPU
import DrnCompiler
import DrnData
import DrnIR
import DrnLowering
import DrnMethods
import DrnProgram

/// Runs batches forward in training mode and takes the mean of their statistics as the running ones; nothing else changes.
///
/// The layers normalize by each batch's own statistics, so the old running ones have no part in the result.
struct Recalibration {
  private let program: CheckedProgram
  private let entry: Segment.Entry
  private let input: BatchInput
  private let tensors: [SegmentPort]
  private let buffers: [SegmentPort]
  private let keys: [SegmentPort]

  /// `compiler` is that of the batch size to run. Compiles the phase's `loss` at the given ranks.
  init(_ compiler: PhaseCompiler, phase: Int, ranks: [Int], threads: Int) throws(TrainError) {
    program = compiler.program
    let compiled: Compiled
    do { compiled = try compiler.trainingPass(phase: phase, ranks: ranks) } catch { throw TrainError(.defect, error.message) }
    let function = compiled.module.function(FunctionName.loss)
    let shares = program.network.bufferShares
    do {
      let segment = try compiled.segment(threads: threads)
      func ports(_ isWanted: (Port) -> Bool) throws(ExecutionError) -> [SegmentPort] {
        var found: [SegmentPort] = []
        for port in function?.arguments ?? [] where isWanted(port) { found.append(try segment.argument(port.name)) }
        return found
      }
      entry = try segment.entry(FunctionName.loss)
      input = try BatchInput(segment, function, hasClasses: program.data.classes != nil)
      tensors = try ports { [.weight, .frozen, .buffer].contains($0.role) }
      buffers = try ports { $0.role == .buffer && (shares[$0.name] ?? 0) > 0 }
      keys = try ports { $0.role == .key }
    } catch { throw TrainError(execution: error) }
  }

  /// Replaces the buffers of `state` by the means over the batches; `key` gives the random key of each batch.
  func run(_ batches: [[Int]], of data: TrainingData, state: inout ModelState, key: (Int) -> UInt64) throws(TrainError) {
    let shares = program.network.bufferShares
    var sums: [String: [Double]] = [:]
    for port in tensors { try (state.places[port.name] ?? .values([])).write(to: port) }
    do {
      for (number, examples) in batches.enumerated() {
        // From a buffer of zeros, what is left is the batch's own statistic times its share.
        for port in buffers { try port.fill(0) }
        try input.fill(examples, of: data.training, data.preparation)
        for port in keys { try port.set(key: key(number)) }
        try entry.run()
        for port in buffers { add(try port.read(), to: &sums[port.name]) }
      }
    } catch { throw TrainError(execution: error) }
    for port in buffers {
      let divisor = (shares[port.name] ?? 1) * Double(max(1, batches.count))
      if let sum = sums[port.name] { state.places[port.name] = .values(sum.map { Float($0 / divisor) }) }
    }
  }

  private func add(_ values: [Float], to sum: inout [Double]?) {
    guard let old = sum else { return sum = values.map(Double.init) }
    sum = zip(old, values).map { $0 + Double($1) }
  }
}

extension Network {
  /// The share of the newest batch in every running statistic, by its saved name.
  fileprivate var bufferShares: [String: Double] {
    var shares: [String: Double] = [:]
    for node in nodes {
      for buffer in node.buffers { shares["\(node.savedName).\(buffer.name)"] = buffer.momentum }
    }
    return shares
  }
}

extension Trainer {
  /// Runs the batches that the transitions into a phase ask for; the most any of them names.
  func recalibrate(entering next: Int, at step: Int) throws(TrainError) {
    let count = changed(entering: next).map { span(of: $0, phase: next).transition.recalibrationBatches }.max() ?? 0
    let batch = program.batches.whole.size
    guard count > 0, batch > 0 else { return }
    let recalibration = try Recalibration(
      PhaseCompiler(program: program, update: BatchPlan.Update(size: batch, parts: 1)), phase: next, ranks: state.ranks,
      threads: options.threads)
    let batches = recalibrationBatches(count, of: batch, from: step / feed.stepsPerEpoch)
    try recalibration.run(batches, of: data, state: &state) { [keys] in keys.key("recalibrate", step &+ $0) }
  }

  /// The first batches in the order of an epoch, and of those after it where one is too short.
  private func recalibrationBatches(_ count: Int, of batch: Int, from epoch: Int) -> [[Int]] {
    let sampler = BatchSampler(indices: data.trainIndices, batchSize: batch, seed: program.training.seed, lastBatch: .drop)
    var batches: [[Int]] = []
    var epoch = epoch
    while batches.count < count {
      let order = sampler.batches(epoch: epoch)
      for number in 0..<min(sampler.stepsPerEpoch, count - batches.count) { batches.append(order.batch(number)) }
      epoch += 1
    }
    return batches
  }
}
