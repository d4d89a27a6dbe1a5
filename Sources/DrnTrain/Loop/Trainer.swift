import DrnAnalysis
import DrnCPU
import DrnCompiler
import DrnData
import DrnEngines
import DrnIR
import DrnMethods
import DrnPlan
import DrnProgram
import Foundation

/// Runs one program from its first step to its last: phases, transitions, events, validation, log, weights.
public final class Trainer {
  let program: CheckedProgram
  let options: TrainOptions
  let compiler: PhaseCompiler
  /// What runs steps and evaluations.
  let engine: any Engine
  let data: TrainingData
  let folder: RunFolder
  let log: RunLog
  weak var observer: (any TrainingObserver)?
  let keys: StepKeys
  var feed: BatchFeed
  var clock: RateClock
  var state: ModelState
  var segment: PhaseSegment
  /// Step at which each phase begins, and after the last the end of the run.
  let boundaries: [Int]
  var phase = 0
  var epochScore = EpochScore()
  /// The best epoch so far of those that compete; see `Trainer+Selection`.
  var best: Best?
  /// The step of the last change of form, rank or trained tensors.
  var changedStep = 0
  /// What the score on validation has come to, where the run may end early.
  var stopWatch = ScoreWatch()
  var eventFirings: [Int]
  /// What has been seen of each example, where an event asks for it.
  var memory: ExampleMemory?
  private(set) var peakArenaBytes = 0
  /// Trainable parameters summed over steps, and those of the current segment.
  private(set) var trainableSum = 0.0
  var trainableParameters = 0
  /// Multiply-adds for one example summed over steps, at the ranks each step had.
  private(set) var trainingOperations = 0
  /// The steps of every segment so far.
  private(set) var segmentSteps: [(module: Module, steps: Int)] = []
  /// Seconds spent in steps, without validation and transitions.
  private(set) var stepSeconds = 0.0
  /// What a checkpoint must share with this run to be resumed by it.
  private(set) lazy var identity = RunIdentity(program, data, version: version, engine: engine.identity)
  private let version: String
  let checkpoints: CheckpointWriter
  /// The learning rates of the steps done.
  var rates: RateRecord
  /// When the last checkpoint was written, or the run began, and its step.
  var lastCheckpoint = ContinuousClock.now
  var lastCheckpointStep: Int?
  private(set) var resumed: RunDescription.Resumed?
  private var change: RunChange?

  /// Loads the data, makes the run folder, draws the initial weights and compiles the first phase; or reads all that from a checkpoint.
  /// `compiler` is one that has priced the program, where there is one.
  public init(
    program: CheckedProgram, source: RunSource, options: TrainOptions, observer: (any TrainingObserver)?, compiler: PhaseCompiler? = nil,
    engine: any Engine = CPUEngine()
  ) throws(TrainError) {
    if engine.identity == nil { try program.requireProducts(hasHalf: Machine.multipliesHalf) }
    self.program = program
    self.engine = engine
    self.options = options
    self.observer = observer
    data = try TrainingData(program.data, seed: program.training.seed)
    feed = BatchFeed(data, program: program)
    try Self.hold(data, against: program)
    self.compiler = compiler ?? PhaseCompiler(program: program)
    keys = StepKeys(seed: program.training.seed)
    let stepsPerEpoch = feed.stepsPerEpoch
    boundaries = try Self.boundaries(of: program, stepsPerEpoch: stepsPerEpoch)
    clock = RateClock(program.training.rate, stepsPerEpoch: stepsPerEpoch, totalSteps: boundaries[boundaries.count - 1])
    eventFirings = [Int](repeating: 0, count: program.events.count)
    memory = program.remembersExamples ? ExampleMemory(data.trainIndices) : nil
    rates = RateRecord(clock, until: 0)
    version = source.version
    let started = try Self.resumed(
      options, program, RunIdentity(program, data, version: source.version, engine: engine.identity),
      clock: clock, boundaries: boundaries)
    if let found = started?.found {
      state = ModelState(found.checkpoint.state)
    } else {
      state = try Self.initialState(program, self.compiler, keys, threads: options.threads)
      try Self.beginAverages(of: [], in: &state.places, self.compiler, phase: 0)
    }
    phase = started?.found?.checkpoint.progress.phase ?? 0
    segment = try Self.compile(self.compiler, phase: phase, ranks: state.ranks, threads: options.threads, engine: engine)
    if let started { folder = started.folder } else { folder = try Self.newFolder(options, program) }
    try folder.write(RunFolder.invocation, source.invocation.bytes)
    try folder.write(RunFolder.source, source.text)
    try folder.write(RunFolder.configuration, source.configuration)
    log = try Self.openLog(folder, started?.found)
    checkpoints = CheckpointWriter(CheckpointFolder(run: folder.path))
    try segment.load(&state)
    account(for: segment)
    guard let started else { return }
    if let found = started.found { try restore(found.checkpoint) }
    change = started.change
    resumed = RunDescription.Resumed(
      step: started.found?.checkpoint.progress.step ?? 0, path: started.found?.path,
      notes: (started.found?.note.map { [$0] } ?? []) + (started.change?.sentences ?? []))
  }

  /// Trains to the end, or to `stopAfter`, or to a signal; writes weights and summary in every case.
  public func run() throws(TrainError) -> RunSummary {
    let start = Date()
    let total = boundaries[boundaries.count - 1]
    let stopAfter = options.stopAfter?.steps(stepsPerEpoch: feed.stepsPerEpoch) ?? total
    let last = min(total, max(stopAfter, 0))
    observer?.started(describe(total: last))
    // A checkpoint is whole on disk before the process ends or another has the folder, whatever ends it.
    defer {
      checkpoints.wait()
      folder.release()
    }
    var step = resumed?.step ?? 0
    if let change { try recordChange(change, at: step) }
    while step < last, StopSignal.number == 0, !stopsEarly(at: step) {
      try enterBoundary(step)
      try train(step, total: last, start: start)
      step += 1
      if step % feed.stepsPerEpoch == 0 {
        try finishEpoch(step)
      } else if step == last {
        // What is logged of an epoch that is not whole is not part of the run that goes on from here.
        if last < total { try saveCheckpoint(at: step) }
        try finishEpoch(step)
        break
      }
      try saveCheckpointIfDue(at: step)
    }
    if step < total { try saveCheckpoint(at: step) }
    feed.stop()
    try checkpoints.finish()
    let interrupted = StopSignal.number != 0
    let isEarly = step < total && stopsEarly(at: step)
    if isEarly, !interrupted { try recordStop(at: step) }
    let end: RunEnd = interrupted ? .interrupted : isEarly ? .early : step == total ? .whole : .stopped
    return try finish(step: step, seconds: Date().timeIntervalSince(start), end: end)
  }

  /// What happens on the boundary before a step: the best epoch is brought back, then transitions, then events; the learning rate is a function of the step.
  private func enterBoundary(_ step: Int) throws(TrainError) {
    guard boundaries.dropFirst(phase + 1).dropLast().contains(step) else { return try crossBoundary(step) }
    try requireFiniteState(at: step)
    let before = (progress: try progress(at: step), state: state, best: best)
    do throws(TrainError) { try crossBoundary(step) } catch {
      guard error.kind == .truncation else { throw error }
      // The segment before the boundary still holds what it held: only steps write into it.
      state = before.state
      throw try leave(try checkpoint(before.progress, best: before.best), over: error)
    }
  }

  private func crossBoundary(_ step: Int) throws(TrainError) {
    if step > 0 { try restoreBest(at: step) }
    while phase + 1 < program.phases.count, boundaries[phase + 1] == step { try enterPhase(phase + 1, at: step) }
    if step > 0 { try fireEvents(at: step) }
  }

  private func train(_ step: Int, total: Int, start: Date) throws(TrainError) {
    let clockStart = ContinuousClock.now
    let batch = feed.batch(at: step)
    let examples = batch.examples
    let rate = clock.value(at: step)
    rates.append(clock.scheduled(at: step))
    try renew(batch, at: step)
    let loss = try segment.step(
      batch, of: data, rate: rate, averageShare: program.training.average?.share(at: step) ?? 0,
      mixtureShare: mixtureShare(at: step), key: keys.key("step", step)
    ) { [state] in
      state.updates(of: $0, after: step + 1)
    }
    guard loss.isFinite else { throw try divergedTraining(loss, examples, at: step) }
    let areRight = program.data.classes == nil ? nil : try segment.areRight(examples, of: data.training)
    if let areRight { memory?.see(examples, areRight: areRight) }
    let elapsed = (ContinuousClock.now - clockStart).components
    let seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
    stepSeconds += seconds
    trainableSum += Double(trainableParameters)
    if let last = segmentSteps.indices.last { segmentSteps[last].steps += 1 }
    trainingOperations &+= segment.operationsPerExample
    epochScore.add(loss: loss, correct: areRight?.count { $0 }, examples: areRight?.count ?? examples.count, seconds: seconds)
    observer?.stepped(
      StepProgress(
        step: step + 1, totalSteps: total, epoch: step / feed.stepsPerEpoch, phase: phase, loss: epochScore.loss,
        accuracy: epochScore.accuracy,
        rate: rate, secondsElapsed: Date().timeIntervalSince(start)))
  }

  /// The share of its own that an example keeps where examples are mixed.
  func mixtureShare(at step: Int) -> Double { program.training.mixture?.share(at: step, seed: keys.seed) ?? 1 }

  private func finishEpoch(_ step: Int) throws(TrainError) {
    let epoch = (step - 1) / feed.stepsPerEpoch
    var fields: [LogRecord.Field] = [
      .init("epoch", .integer(epoch)), .init("step", .integer(step)), .init("phase", .integer(phase)),
      .init("rate", .number(clock.value(at: step - 1))), .init("train_loss", .number(epochScore.loss)),
    ]
    if let accuracy = epochScore.accuracy { fields.append(.init("train_accuracy", .number(accuracy))) }
    let score = try validate()
    if let score {
      fields.append(.init("validation_loss", .number(score.loss)))
      if let accuracy = score.accuracy { fields.append(.init("validation_accuracy", .number(accuracy))) }
      if program.training.selection == .balancedAccuracy, let metrics = score.classification {
        fields.append(.init("validation_balanced_accuracy", .number(metrics.balancedAccuracy)))
      }
    }
    fields += [
      .init("trainable_parameters", .integer(trainableParameters)), .init("arena_bytes", .integer(segment.arenaBytes)),
      .init("multiply_adds", .integer(segment.operationsPerExample)),
    ]
    try record(LogRecord("epoch", fields))
    if let score {
      try requireFinite("validation_loss", score.loss, at: step)
      try remember(score, epoch: epoch, step: step)
      if step % feed.stepsPerEpoch == 0 { try watch(score, at: step) }
    }
    try log.appendTiming(epoch: epoch, seconds: epochScore.seconds, steps: epochScore.steps, predicted: predictedStepMilliseconds)
    epochScore = EpochScore()
  }

  /// The score on the validation split; `nil` without one.
  func validate() throws(TrainError) -> Score? {
    guard !data.validationIndices.isEmpty else { return nil }
    return try segment.evaluate(data.validationIndices, of: data.training, preparation: data.preparation)
  }

  func record(_ record: LogRecord) throws(TrainError) {
    try log.append(record)
    observer?.logged(record)
  }

  /// Compiles the current phase at the current ranks and goes on in it.
  func useNewSegment() throws(TrainError) {
    segment = try Self.compile(compiler, phase: phase, ranks: state.ranks, threads: options.threads, engine: engine)
    try segment.load(&state)
    account(for: segment)
  }

  func restoreSums(_ progress: RunProgress) {
    trainableSum = progress.trainableSum
    trainingOperations = progress.trainingOperations
    peakArenaBytes = max(peakArenaBytes, progress.peakArenaBytes)
  }

  private func account(for segment: PhaseSegment) {
    peakArenaBytes = max(peakArenaBytes, segment.arenaBytes)
    trainableParameters = segment.segment.plan.elements(.weight)
    segmentSteps.append((segment.module, 0))
  }
}

/// Running averages of one epoch over its examples.
struct EpochScore: Equatable {
  private(set) var steps = 0
  private(set) var seconds = 0.0
  private(set) var lossSum = 0.0
  /// `nil` for regression.
  private(set) var correct: Int?
  private(set) var examples = 0

  init() {}

  init(steps: Int, seconds: Double, lossSum: Double, correct: Int?, examples: Int) {
    self.steps = steps
    self.seconds = seconds
    self.lossSum = lossSum
    self.correct = correct
    self.examples = examples
  }

  mutating func add(loss: Double, correct newlyCorrect: Int?, examples count: Int, seconds elapsed: Double) {
    steps += 1
    seconds += elapsed
    lossSum += loss * Double(count)
    if let newlyCorrect { correct = (correct ?? 0) + newlyCorrect }
    examples += count
  }
  var loss: Double { examples > 0 ? lossSum / Double(examples) : .nan }
  var accuracy: Double? { correct.map { examples > 0 ? Double($0) / Double(examples) : 0 } }
}
