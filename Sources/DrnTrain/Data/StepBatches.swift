import DrnCPU
import DrnData
import DrnProgram
import DrnTensorFile

/// What the steps of a run are fed, without training: the batches by step, prepared, augmented and mixed as a run has them.
public struct StepBatches {
  private let program: CheckedProgram
  private let data: TrainingData
  private var feed: BatchFeed
  private let clock: RateClock
  /// Steps of the whole run.
  public let totalSteps: Int

  /// Reads the data of the program.
  public init(_ program: CheckedProgram) throws(TrainError) {
    self.program = program
    data = try TrainingData(program.data, seed: program.training.seed)
    feed = BatchFeed(data, program: program)
    try Trainer.hold(data, against: program)
    let boundaries = try Trainer.boundaries(of: program, stepsPerEpoch: feed.stepsPerEpoch)
    totalSteps = boundaries[boundaries.count - 1]
    clock = RateClock(program.training.rate, stepsPerEpoch: feed.stepsPerEpoch, totalSteps: totalSteps)
  }

  /// Bytes that the batch of a step takes at most.
  public var mostBytes: Int { 8 * feed.largestBatch * (data.training.elementsPerExample + data.training.labelsPerExample + 1) }

  /// The batch of a step: `features.S` [examples, the shape of one], numbers or `I64` tokens; `labels.S` [examples] or, of a text, [examples, positions];
  /// of values `targets.S`; where examples have lengths `lengths.S`; where they are mixed also `partner_labels.S` and `share.S`, the share of an example's own.
  public mutating func tensors(at step: Int) throws(TrainError) -> [NamedTensor] {
    let indices = feed.indices(at: step)
    let set = data.training
    var tensors = [try features(indices, step)]
    do throws(ExecutionError) {
      tensors += try labels(indices, "", step)
      if let mixture = program.training.mixture {
        let share = mixture.share(at: step, seed: program.training.seed)
        mix(&tensors[0], by: share)
        tensors += try labels(indices.reversed(), "partner_", step)
        tensors.append(NamedTensor(name: "share.\(step)", shape: [], floats: [Float(share)]))
      }
    } catch { throw TrainError(execution: error) }
    if set.lengths != nil {
      tensors.append(NamedTensor(name: "lengths.\(step)", shape: [indices.count], integers: indices.map { Int64(set.length(of: $0)) }))
    }
    return tensors
  }

  /// The learning rates of the first so many steps; `nil` where they are decided while training.
  public func rates(_ count: Int) -> NamedTensor? {
    let steps = feed.stepsPerEpoch
    let isDecided = (0..<count).contains { program.training.rate.plateau(at: $0, stepsPerEpoch: steps, totalSteps: totalSteps) != nil }
    guard !isDecided, !program.weights.contains(where: { $0.spans.contains { $0.transition.rewarm != nil } }) else { return nil }
    return NamedTensor(name: "rate", shape: [count], doubles: (0..<count).map(clock.scheduled))
  }

  private func features(_ indices: [Int], _ step: Int) throws(TrainError) -> NamedTensor {
    let set = data.training
    let (name, shape) = ("features.\(step)", [indices.count] + program.network.inputShape)
    let count = indices.count * set.elementsPerExample
    guard program.network.inputElement == .token else {
      let values = [Float](unsafeUninitializedCapacity: max(1, count)) { buffer, filled in
        guard let base = buffer.baseAddress else { return }
        base.initialize(repeating: 0, count: max(1, count))
        data.batches.fill(indices, epoch: step / max(1, feed.stepsPerEpoch), into: base)
        filled = count
      }
      return NamedTensor(name: name, shape: shape, floats: values)
    }
    var failure: DataError?
    let tokens = [Int32](unsafeUninitializedCapacity: max(1, count)) { buffer, filled in
      guard let base = buffer.baseAddress else { return }
      do throws(DataError) {
        try set.copyTokens(indices, into: base)
        filled = count
      } catch { failure = error }
    }
    if let failure { throw TrainError(reading: failure, span: program.data.sourceSpan) }
    return NamedTensor(name: name, shape: shape, integers: tokens.map { Int64($0) })
  }

  private func labels(_ indices: [Int], _ prefix: String, _ step: Int) throws(ExecutionError) -> [NamedTensor] {
    let set = data.training
    guard program.data.classes != nil else {
      let values = set.targets(of: indices)
      let shape = [indices.count, values.count / max(1, indices.count)]
      return [NamedTensor(name: "\(prefix)targets.\(step)", shape: shape, floats: values)]
    }
    let labels = try set.labels(of: indices).map { Int64($0) }
    let shape = set.labelsPerExample > 1 ? [indices.count, set.labelsPerExample] : [indices.count]
    return [NamedTensor(name: "\(prefix)labels.\(step)", shape: shape, integers: labels)]
  }

  /// As a step mixes them.
  private func mix(_ features: inout NamedTensor, by share: Double) {
    let count = features.shape.first ?? 0
    guard features.elementType == .f32, var values = try? features.floats(), count > 0 else { return }
    let length = values.count / count
    values.withUnsafeMutableBufferPointer { buffer in
      if let base = buffer.baseAddress { BatchInput.mix(base, examples: count, length: length, share: share) }
    }
    features = NamedTensor(name: features.name, shape: features.shape, floats: values)
  }
}
