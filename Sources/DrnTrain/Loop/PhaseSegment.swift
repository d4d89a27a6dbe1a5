import DrnAnalysis
import DrnCPU
import DrnCompiler
import DrnData
import DrnEngines
import DrnIR
import DrnLowering
import DrnMethods
import DrnPlan
import DrnProgram

/// One phase at fixed ranks, compiled and holding its weights: steps and evaluations. Ports are found once, when it is made.
final class PhaseSegment {
  let segment: Segment
  let module: Module
  /// What runs steps and evaluations on what lies in the segment.
  private let program: any EngineProgram
  /// The tensors that live across steps, where the engine has them elsewhere.
  private let tensors: HostTensors
  /// The step of a whole batch, and of the smaller last batch of an epoch where there is one.
  private let wholeStep: Step
  private let remainderStep: Step?
  /// Those of whole batches and of the smaller last one, where there is one.
  private let renewals: [(renewal: Renewal, whole: RenewalRun, remainder: RenewalRun?)]
  /// The weights whose extents their updates change.
  let adjustments: [Adjustment]
  private let evaluateInput: BatchInput
  private let evaluateLogits: SegmentPort
  /// The mean over a batch of a loss that the program writes; `nil` where the metric is the loss of an evaluation.
  private let evaluateLoss: SegmentPort?
  /// The tensors that live across steps.
  private let persistent: [SegmentPort]
  private let hasClasses: Bool
  private let outputWidth: Int
  private let evaluationBatch: Int
  /// Bytes of the arena as planned for one thread: work space of kernels grows with threads.
  let arenaBytes: Int
  /// Multiply-adds of a whole batch's step, for one example.
  let operationsPerExample: Int

  /// A step function ready to run.
  private struct Step {
    let function: String
    let input: BatchInput
    let logits: SegmentPort
    let loss: SegmentPort
    let rate: SegmentPort
    /// `nil` where the weights are not averaged.
    let averageShare: SegmentPort?
    /// Those of the following that the update reads.
    let counters: [(counter: UpdateCounter, port: SegmentPort)]
    let key: SegmentPort?
  }

  /// A renewal ready to run.
  private struct RenewalRun {
    let entry: Segment.Entry
    let input: BatchInput
    let key: SegmentPort?
    /// What it measures, by name.
    let outputs: [(name: String, port: SegmentPort)]
    /// The state that makes it due before its time, and that counts the updates since the last one.
    let trigger: (due: SegmentPort, since: SegmentPort)?
  }

  init(
    _ compiler: PhaseCompiler, phase: Int, ranks: [Int], _ compiled: Compiled, threads: Int, engine: any Engine
  ) throws(TrainError) {
    let (counters, renewals): ([UpdateCounter], [Renewal])
    do {
      (counters, renewals) = (try compiler.lowering.counters(phase: phase), try compiler.lowering.renewals(phase: phase))
      adjustments = try compiler.lowering.adjustments(phase: phase)
    } catch { throw TrainError(.defect, error.message) }
    module = compiled.module
    let hasClasses = compiler.program.data.classes != nil
    let suffix = PortName.remainderSuffix
    let hasRemainder = module.function(FunctionName.remainderStep) != nil
    do {
      segment = try compiled.segment(threads: threads)
      arenaBytes = threads == 1 ? segment.plan.totalBytes : try compiled.plan(threads: 1).totalBytes
      wholeStep = try Self.step(module, segment, counters, suffix: "", hasClasses: hasClasses)
      remainderStep = hasRemainder ? try Self.step(module, segment, counters, suffix: suffix, hasClasses: hasClasses) : nil
      var runs: [(Renewal, RenewalRun, RenewalRun?)] = []
      for renewal in renewals {
        let whole = try Self.run(renewal, module, segment, suffix: "", hasClasses: hasClasses)
        let rest = hasRemainder ? try Self.run(renewal, module, segment, suffix: suffix, hasClasses: hasClasses) : nil
        runs.append((renewal, whole, rest))
      }
      self.renewals = runs
      program = try engine.program(
        [FunctionName.step, FunctionName.evaluate] + (hasRemainder ? [FunctionName.remainderStep] : []), host: segment
      ) { devices throws(IRError) in try compiler.portable(phase: phase, ranks: ranks, devices: devices) }
      tensors = HostTensors(program)
      evaluateInput = try BatchInput(segment, module.function(FunctionName.evaluate), hasClasses: hasClasses)
      evaluateLogits = try segment.result(PortName.logits)
      evaluateLoss = compiler.program.phases[phase].loss is WrittenLoss ? try segment.result(PortName.loss) : nil
      persistent = try Self.persistentPorts(module, segment)
    } catch let error as ExecutionError { throw TrainError(execution: error) } catch let error as EngineError {
      throw TrainError(engine: error)
    } catch { throw TrainError(.defect, "\(error)") }
    self.hasClasses = hasClasses
    let output = compiler.program.network.outputShape
    outputWidth = output.reduce(1, *) / output.positions
    evaluationBatch = compiler.evaluationBatch
    operationsPerExample = compiler.multiplyAdds(module, FunctionName.step) / max(1, compiler.evaluationBatch)
  }

  private static func step(
    _ module: Module, _ segment: Segment, _ counters: [UpdateCounter], suffix: String, hasClasses: Bool
  ) throws(ExecutionError) -> Step {
    let name = FunctionName.step + suffix
    let function = module.function(name)
    func argument(_ name: String) throws(ExecutionError) -> SegmentPort? {
      function?.argument(name) == nil ? nil : try segment.argument(name)
    }
    var read: [(UpdateCounter, SegmentPort)] = []
    for counter in counters { if let port = try argument(counter.argument) { read.append((counter, port)) } }
    return Step(
      function: name, input: try BatchInput(segment, function, suffix: suffix, hasClasses: hasClasses),
      logits: try segment.result(PortName.logits + suffix), loss: try segment.result(PortName.loss),
      rate: try segment.argument(PortName.rate), averageShare: try argument(PortName.averageShare), counters: read,
      key: try argument(PortName.key))
  }

  private static func run(
    _ renewal: Renewal, _ module: Module, _ segment: Segment, suffix: String, hasClasses: Bool
  ) throws(ExecutionError) -> RenewalRun {
    let name = renewal.function + suffix
    let function = module.function(name)
    var outputs: [(String, SegmentPort)] = []
    for result in function?.results ?? [] where result.role == .output { outputs.append((result.name, try segment.result(result.name))) }
    return RenewalRun(
      entry: try segment.entry(name), input: try BatchInput(segment, function, suffix: suffix, hasClasses: hasClasses),
      key: function?.argument(PortName.key) == nil ? nil : try segment.argument(PortName.key), outputs: outputs,
      trigger: try renewal.trigger.map { names throws(ExecutionError) in
        (try segment.argument(names.due), try segment.argument(names.since))
      })
  }

  /// Whether a second step was compiled for a smaller last batch.
  var hasRemainderStep: Bool { remainderStep != nil }

  private func step(for count: Int) -> Step { count == evaluationBatch ? wholeStep : remainderStep ?? wholeStep }

  private static func persistentPorts(_ module: Module, _ segment: Segment) throws(ExecutionError) -> [SegmentPort] {
    let functions = [FunctionName.step, FunctionName.evaluate].compactMap { module.function($0) }
    var seen: Set<String> = []
    var ports: [SegmentPort] = []
    for port in functions.flatMap(\.arguments) where [.weight, .frozen, .state, .buffer].contains(port.role) {
      if seen.insert(port.name).inserted { ports.append(try segment.argument(port.name)) }
    }
    return ports
  }

  /// Moves the tensors of a state into the segment, where the state has them from then on; of a state that lies here but for some weights
  /// only theirs.
  func load(_ state: inout ModelState, only weights: [String]? = nil) throws(TrainError) {
    var places: [String: TensorPlace] = weights == nil ? [:] : state.places
    // What is given to the engine is all of them.
    if weights != nil { try tensors.refresh() }
    let moved = weights.map { names in
      persistent.filter { port in names.contains { port.name == $0 || port.name.hasPrefix($0 + ".") || port.name.hasPrefix($0 + "/") } }
    }
    for port in moved ?? persistent {
      guard let place = state.places[port.name] else { throw TrainError(.defect, "no value for tensor \(port.name)") }
      try place.write(to: port)
      places[port.name] = .port(port, of: program.isHost ? nil : tensors)
    }
    try tensors.handOver()
    state.places = places
  }

  /// One update; returns the loss. `updates` gives those that the state of a weight or vector has had, this one included. The logits stay
  /// readable until the next step.
  func step(
    _ batch: TrainingBatch, of data: TrainingData, rate: Double, averageShare: Double = 0, mixtureShare: Double = 1, key: UInt64,
    updates: (String) -> Int
  ) throws(TrainError) -> Double {
    let step = step(for: batch.examples.count)
    do {
      try step.input.fill(batch, of: data)
      try step.input.mix(batch.examples, of: data.training, share: mixtureShare)
      try step.rate.set(Float(rate))
      try step.averageShare?.set(Float(averageShare))
      for (counter, port) in step.counters { try port.set(Float(updates(counter.owner))) }
      try step.key?.set(key: key)
      try run(step.function)
      tensors.leaveBehind()
      return Double(try step.loss.read().first ?? .nan)
    } catch let error as TrainError { throw error } catch let error as ExecutionError {
      throw TrainError(execution: error)
    } catch { throw TrainError(.defect, "\(error)") }
  }

  private func run(_ function: String) throws(TrainError) {
    do { try program.run(function) } catch { throw TrainError(engine: error) }
  }

  /// Runs what renews state and is due before the step of a batch, or belongs to some weights; returns whose state it was and what it
  /// measured. `updates` gives the updates that the state of a weight or vector has had, and `steps` a period in steps.
  func renew(
    _ batch: TrainingBatch, of data: TrainingData, mixtureShare: Double = 1, key: UInt64, only owners: Set<String>?,
    updates: (String) -> Int,
    steps: (DrnMethods.Duration) -> Int
  ) throws(TrainError) -> (renewed: Set<String>, measured: [(name: String, value: Double)]) {
    var (renewed, measured) = (Set<String>(), [(String, Double)]())
    for (renewal, whole, remainder) in renewals {
      let run = batch.examples.count == evaluationBatch ? whole : remainder ?? whole
      if let owners {
        guard renewal.owners.contains(where: owners.contains) else { continue }
      } else {
        guard try isDue(renewal, run, updates, steps) else { continue }
      }
      renewed.formUnion(renewal.owners)
      // A renewal runs here, whoever runs the steps: it may factorize.
      try tensors.refresh()
      do {
        try run.input.fill(batch, of: data)
        try run.input.mix(batch.examples, of: data.training, share: mixtureShare)
        try run.key?.set(key: key)
        try run.entry.run()
        for (name, port) in run.outputs { measured.append((name, Double(try port.read().first ?? .nan))) }
      } catch { throw TrainError(execution: error) }
    }
    if !renewed.isEmpty { try tensors.handOver() }
    return (renewed, measured)
  }

  /// Whether a renewal is due by the updates that its state has had, or by what triggers it.
  private func isDue(
    _ renewal: Renewal, _ run: RenewalRun, _ updates: (String) -> Int, _ steps: (DrnMethods.Duration) -> Int
  ) throws(TrainError) -> Bool {
    let (count, period) = (updates(renewal.counter.owner), max(1, steps(renewal.period)))
    guard let trigger = run.trigger else { return count % period == 0 }
    try tensors.refresh()
    do {
      let since = try trigger.since.read().first ?? 0
      let due = try trigger.due.read().first ?? 0
      return count == 0 || since >= Float(period) || due > 0
    } catch { throw TrainError(execution: error) }
  }

  /// Which of the labels of the last step's examples were predicted right, those of each example in their order.
  func areRight(_ examples: [Int], of set: DataSet) throws(TrainError) -> [Bool] {
    do {
      let labels = try set.labels(of: examples)
      let logits = try step(for: examples.count).logits.read()
      return labels.enumerated().map { row in
        ClassificationMetrics.prediction(logits[(row.offset * outputWidth)..<((row.offset + 1) * outputWidth)]) == Int(row.element)
      }
    } catch { throw TrainError(execution: error) }
  }

  /// Loss and metrics over the given examples, with running statistics and without dropout.
  func evaluate(_ indices: [Int], of set: DataSet, preparation: Preparation?) throws(TrainError) -> Score {
    var sum = ScoreSum(classes: hasClasses ? outputWidth : nil)
    var written = 0.0
    var start = 0
    while start < indices.count {
      let examples = Array(indices[start..<min(start + evaluationBatch, indices.count)])
      // Rows past the end repeat the last example and are not counted.
      let padded = examples + Array(repeating: examples[examples.count - 1], count: evaluationBatch - examples.count)
      do {
        try evaluateInput.fill(padded, of: set, preparation)
        try run(FunctionName.evaluate)
        let outputs = try evaluateLogits.read()
        try add(outputs, examples, set, to: &sum)
        if let evaluateLoss { written += try lossSum(examples, of: set, preparation, evaluateLoss) }
      } catch let error as TrainError { throw error } catch let error as ExecutionError {
        throw TrainError(execution: error)
      } catch { throw TrainError(.defect, "\(error)") }
      start += evaluationBatch
    }
    return evaluateLoss == nil || indices.isEmpty ? sum.score : sum.score.with(loss: written / Double(indices.count))
  }

  /// The sum of the written loss over examples. It is a mean over whole batches, so that fewer examples fill one as many times as they go into it,
  /// and what the last of them adds in the rows that are left is taken off.
  private func lossSum(
    _ examples: [Int], of set: DataSet, _ preparation: Preparation?, _ loss: SegmentPort
  ) throws -> Double {
    func mean(_ rows: [Int]) throws -> Double {
      try evaluateInput.fill(rows, of: set, preparation)
      try run(FunctionName.evaluate)
      return Double(try loss.read().first ?? .nan)
    }
    let size = Double(evaluationBatch)
    guard examples.count < evaluationBatch, let last = examples.last else { return size * Double(try loss.read().first ?? .nan) }
    let times = evaluationBatch / examples.count
    let left = evaluationBatch - times * examples.count
    let filled = size * (try mean((0..<times).flatMap { _ in examples } + Array(repeating: last, count: left)))
    let surplus = left == 0 ? 0 : Double(left) * (try mean(Array(repeating: last, count: evaluationBatch)))
    return (filled - surplus) / Double(times)
  }

  private func add(_ outputs: [Float], _ examples: [Int], _ set: DataSet, to sum: inout ScoreSum) throws(ExecutionError) {
    if hasClasses {
      let labels = try set.labels(of: examples)
      outputs.withUnsafeBufferPointer { sum.add(logits: $0, labels: labels, classes: outputWidth) }
    } else {
      let targets = set.targets(of: examples)
      sum.add(predictions: Array(outputs.prefix(targets.count)), targets: targets, width: outputWidth)
    }
  }
}
