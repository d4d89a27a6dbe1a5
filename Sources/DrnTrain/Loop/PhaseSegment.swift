import DrnAnalysis
import DrnCPU
import DrnCompiler
import DrnData
import DrnIR
import DrnLowering
import DrnPlan
import DrnProgram

/// One phase at fixed ranks, compiled and holding its weights: steps and evaluations.
final class PhaseSegment {
  let segment: Segment
  let module: Module
  /// The step of a whole batch, and of the smaller last batch of an epoch where there is one.
  private let wholeStep: Step
  private let remainderStep: Step?
  private let evaluateEntry: Segment.Entry
  private let evaluateInput: BatchInput
  /// Names of the tensors that live across steps.
  private let persistent: [String]
  private let hasClasses: Bool
  private let outputWidth: Int
  private let evaluationBatch: Int
  /// Bytes of the arena as planned for one thread: work space of kernels grows with threads.
  let arenaBytes: Int
  /// Multiply-adds of a whole batch's step, for one example.
  let operationsPerExample: Int

  /// A step function ready to run.
  private struct Step {
    let entry: Segment.Entry
    let input: BatchInput
    let logits: String
    /// Those that the update reads.
    let counters: [UpdateCounter]
    let takesKey: Bool
  }

  /// `counters` are those of the phase.
  init(_ compiler: PhaseCompiler, _ compiled: CompiledPhase, counters: [UpdateCounter], threads: Int) throws(TrainError) {
    module = compiled.module
    let hasClasses = compiler.program.data.classes != nil
    let suffix = PhaseCompiler.remainderSuffix
    let hasRemainder = module.function("step" + suffix) != nil
    do {
      segment = try compiled.segment(threads: threads)
      arenaBytes = threads == 1 ? segment.plan.totalBytes : try compiled.plan(threads: 1).totalBytes
      wholeStep = try Self.step(module, segment, counters, suffix: "", hasClasses: hasClasses)
      remainderStep = hasRemainder ? try Self.step(module, segment, counters, suffix: suffix, hasClasses: hasClasses) : nil
      evaluateEntry = try segment.entry("evaluate")
    } catch let error as ExecutionError { throw TrainError(execution: error) } catch { throw TrainError(.defect, "\(error)") }
    evaluateInput = BatchInput(module.function("evaluate"), hasClasses: hasClasses)
    persistent = Self.persistentNames(module)
    self.hasClasses = hasClasses
    outputWidth = compiler.program.network.outputShape.reduce(1, *)
    evaluationBatch = compiler.evaluationBatch
    operationsPerExample = compiler.multiplyAdds(module, "step") / max(1, compiler.evaluationBatch)
  }

  private static func step(
    _ module: Module, _ segment: Segment, _ counters: [UpdateCounter], suffix: String, hasClasses: Bool
  ) throws(ExecutionError) -> Step {
    let function = module.function("step" + suffix)
    return Step(
      entry: try segment.entry("step" + suffix), input: BatchInput(function, suffix: suffix, hasClasses: hasClasses),
      logits: "logits" + suffix,
      counters: counters.filter { function?.argument($0.argument) != nil }, takesKey: function?.argument("key") != nil)
  }

  /// Whether a second step was compiled for a smaller last batch.
  var hasRemainderStep: Bool { remainderStep != nil }

  private func step(for count: Int) -> Step { count == evaluationBatch ? wholeStep : remainderStep ?? wholeStep }

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

  /// One update; returns the loss. `updates` gives those that the state of a weight or vector has had, this one included. The logits stay
  /// readable until the next step.
  func step(
    _ batch: TrainingBatch, of data: TrainingData, rate: Double, key: UInt64, updates: (String) -> Int
  ) throws(TrainError) -> Double {
    let step = step(for: batch.examples.count)
    do {
      try step.input.fill(segment, batch, of: data)
      try segment.setScalar("rate", Float(rate))
      for counter in step.counters { try segment.setScalar(counter.argument, Float(updates(counter.owner))) }
      if step.takesKey { try segment.setKey("key", key) }
      try step.entry.run()
      return Double(try segment.read("loss").first ?? .nan)
    } catch { throw TrainError(execution: error) }
  }

  /// How many of the last step's examples were classified right.
  func correctCount(_ labels: [Int32]) throws(TrainError) -> Int {
    do {
      let logits = try segment.read(step(for: labels.count).logits)
      return labels.enumerated().reduce(0) { correct, row in
        let values = logits[(row.offset * outputWidth)..<((row.offset + 1) * outputWidth)]
        return correct + (ClassificationMetrics.prediction(values) == Int(row.element) ? 1 : 0)
      }
    } catch { throw TrainError(execution: error) }
  }

  /// Loss and metrics over the given examples, with running statistics and without dropout.
  func evaluate(_ indices: [Int], of set: DataSet, preparation: Preparation?) throws(TrainError) -> Score {
    var sum = ScoreSum(classes: hasClasses ? outputWidth : nil)
    var start = 0
    while start < indices.count {
      let examples = Array(indices[start..<min(start + evaluationBatch, indices.count)])
      // Rows past the end repeat the last example and are not counted.
      let padded = examples + Array(repeating: examples[examples.count - 1], count: evaluationBatch - examples.count)
      do {
        try evaluateInput.fill(segment, padded, of: set, preparation)
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
}
