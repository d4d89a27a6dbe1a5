import DrnCPU
import DrnData
import DrnIR

/// One phase at fixed ranks, compiled and holding its weights: steps and evaluations.
final class PhaseSegment {
  let segment: Segment
  private let stepEntry: Segment.Entry
  private let evaluateEntry: Segment.Entry
  /// Names of the tensors that live across steps.
  private let persistent: [String]
  private let hasClasses: Bool
  private let outputWidth: Int
  private let evaluationBatch: Int
  private let takesStepNumber: Bool
  private let takesKey: Bool
  /// The extent of the features' last axis.
  private let featureColumns: Int

  init(module: Module, hasClasses: Bool, outputWidth: Int, evaluationBatch: Int, threads: Int) throws(TrainError) {
    do {
      segment = try Segment(module: module, functions: ["step", "evaluate"], threads: threads)
      stepEntry = try segment.entry("step")
      evaluateEntry = try segment.entry("evaluate")
    } catch { throw TrainError(execution: error) }
    persistent = Self.persistentNames(module)
    let step = module.function("step")
    takesStepNumber = step?.argument("step") != nil
    takesKey = step?.argument("key") != nil
    featureColumns = step.flatMap { step in step.argument("features").flatMap { step.type(of: $0.value).extents?.last } } ?? 1
    self.hasClasses = hasClasses
    self.outputWidth = outputWidth
    self.evaluationBatch = evaluationBatch
  }

  private static func persistentNames(_ module: Module) -> [String] {
    let ports = (module.function("step")?.arguments ?? []) + (module.function("evaluate")?.arguments ?? [])
    var seen: Set<String> = []
    return ports.filter { [.weight, .frozen, .state, .buffer].contains($0.role) && seen.insert($0.name).inserted }.map(\.name)
  }

  func load(_ state: ModelState) throws(TrainError) {
    for name in persistent {
      guard let values = state.tensors[name] else { throw TrainError(.defect, "no value for tensor \(name)") }
      do { try segment.write(name, values) } catch { throw TrainError(execution: error) }
    }
  }

  func store(into state: inout ModelState) throws(TrainError) {
    for name in persistent {
      do { state.tensors[name] = try segment.read(name) } catch { throw TrainError(execution: error) }
    }
  }

  func read(_ name: String) throws(TrainError) -> [Float] {
    do { return try segment.read(name) } catch { throw TrainError(execution: error) }
  }

  /// One update; returns the loss. `logits` are left in the output of that name.
  func step(_ examples: [Int], of data: TrainingData, rate: Double, updateCount: Int, key: UInt64) throws(TrainError) -> Double {
    do {
      try fill(examples, data.training, data.preparation)
      try segment.setScalar("rate", Float(rate))
      if takesStepNumber { try segment.setScalar("step", Float(updateCount + 1)) }
      if takesKey { try segment.setKey("key", key) }
      try stepEntry.run()
      return Double(try segment.read("loss")[0])
    } catch { throw TrainError(execution: error) }
  }

  /// How many of the last step's examples were classified right.
  func correctCount(_ labels: [Int32]) throws(TrainError) -> Int {
    do {
      let logits = try segment.read("logits")
      return labels.enumerated().reduce(0) { correct, row in
        let values = logits[(row.offset * outputWidth)..<((row.offset + 1) * outputWidth)]
        let largest = values.max() ?? 0
        return correct + (values.firstIndex(of: largest).map { $0 - values.startIndex } == Int(row.element) ? 1 : 0)
      }
    } catch { throw TrainError(execution: error) }
  }

  /// Loss and metrics over the given examples, with running statistics and without dropout.
  func evaluate(_ indices: [Int], of set: DataSet, preparation: Preparation?, top: Int) throws(TrainError) -> Score {
    var sum = ScoreSum(classes: hasClasses ? outputWidth : nil, top: top)
    var start = 0
    while start < indices.count {
      let examples = Array(indices[start..<min(start + evaluationBatch, indices.count)])
      // Rows past the end repeat the last example and are not counted.
      let padded = examples + Array(repeating: examples[examples.count - 1], count: evaluationBatch - examples.count)
      do {
        try fill(padded, set, preparation)
        try evaluateEntry.run()
        let outputs = try segment.read("logits")
        add(outputs, examples, set, to: &sum)
      } catch { throw TrainError(execution: error) }
      start += evaluationBatch
    }
    return sum.score
  }

  private func add(_ outputs: [Float], _ examples: [Int], _ set: DataSet, to sum: inout ScoreSum) {
    if hasClasses {
      let labels = set.labels(of: examples)
      outputs.withUnsafeBufferPointer { sum.add(logits: $0, labels: labels, classes: outputWidth) }
    } else {
      let targets = set.targets(of: examples)
      sum.add(predictions: Array(outputs.prefix(targets.count)), targets: targets, width: outputWidth)
    }
  }

  private func fill(_ examples: [Int], _ set: DataSet, _ preparation: Preparation?) throws(ExecutionError) {
    try segment.withBatch("features") { pointer, pitch in
      // A batch of rows, or of images whose last axis is padded: both are rows of `pitch` floats.
      let elements = set.elementsPerExample
      let rowsPerExample = max(1, elements / max(1, featureColumns))
      if pitch == featureColumns || rowsPerExample == 1 {
        for (row, example) in examples.enumerated() { set.copyRow(example, into: pointer + row * rowsPerExample * pitch, transform: preparation) }
      } else {
        copyPitched(examples, set, preparation, into: pointer, pitch: pitch, rowsPerExample: rowsPerExample)
      }
    }
    if hasClasses { try segment.writeLabels("labels", set.labels(of: examples)) } else { try segment.write("labels", set.targets(of: examples)) }
  }

  private func copyPitched(
    _ examples: [Int], _ set: DataSet, _ preparation: Preparation?, into pointer: UnsafeMutablePointer<Float>, pitch: Int, rowsPerExample: Int
  ) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: set.elementsPerExample) { buffer in
      guard let row = buffer.baseAddress else { return }
      for (index, example) in examples.enumerated() {
        set.copyRow(example, into: row, transform: preparation)
        for line in 0..<rowsPerExample {
          (pointer + (index * rowsPerExample + line) * pitch).update(from: row + line * featureColumns, count: featureColumns)
        }
      }
    }
  }
}

extension DataSet {
  /// The classes of some examples.
  func labels(of examples: [Int]) -> [Int32] {
    guard !examples.isEmpty else { return [] }
    return [Int32](unsafeUninitializedCapacity: examples.count) { buffer, count in
      if let base = buffer.baseAddress { copyLabels(examples, into: base) }
      count = examples.count
    }
  }

  /// The target vectors of some examples, row-major.
  func targets(of examples: [Int]) -> [Float] {
    let width = self.count > 0 ? targets.count / self.count : 0
    guard width > 0, !examples.isEmpty else { return [] }
    return [Float](unsafeUninitializedCapacity: examples.count * width) { buffer, count in
      if let base = buffer.baseAddress { copyTargets(examples, into: base) }
      count = examples.count * width
    }
  }
}
