import DrnAnalysis
import DrnCPU
import DrnCompiler
import DrnData
import DrnEngines
import DrnIR
import DrnLowering
import DrnMethods
import DrnNumbers
import DrnPasses
import DrnPlan
import DrnProgram

extension Trainer {
  /// The step at which each phase begins, and after the last the end of the run.
  static func boundaries(of program: CheckedProgram, stepsPerEpoch: Int) throws(TrainError) -> [Int] {
    guard stepsPerEpoch > 0 else {
      throw TrainError(
        .data,
        "a batch of \(program.training.batch * program.training.accumulation) is larger than the training split, so an epoch has no step",
        help: "lower `batch`, or keep the last batch", span: program.training.span)
    }
    let moments = program.phases.map(\.start) + [program.phases[program.phases.count - 1].end]
    var steps: [Int] = []
    for moment in moments {
      guard let step = moment.step(stepsPerEpoch: stepsPerEpoch) else { throw TrainError(.defect, "a time of the schedule overflows") }
      steps.append(max(step, steps.last ?? 0))
    }
    return steps
  }

  /// Draws every tensor of the first phase.
  static func initialState(
    _ program: CheckedProgram, _ compiler: PhaseCompiler, _ keys: StepKeys, threads: Int
  ) throws(TrainError) -> ModelState {
    var state = ModelState(ranks: compiler.scheduledRanks(phase: 0))
    do {
      let drawn = try compiler.initialization(ranks: state.ranks)
      state.places = try OneShot.run(drawn, inputs: [:], key: keys.key("initialize", 0), threads: threads).tensors
      for tensor in try compiler.tensors(phase: 0, ranks: state.ranks) {
        guard let value = tensor.info.initialValue else { continue }
        state.places[tensor.info.name] = .constant(Float(value), count: tensor.count)
      }
    } catch let error as TrainError { throw error } catch { throw TrainError(.defect, "\(error)") }
    if let source = program.training.weightsFrom {
      try SavedWeights(source, compiler).load(into: &state, key: keys.key("weights_from", 0), threads: threads)
    }
    return state
  }

  /// Refuses to start where another number of examples is trained on than the schedule was checked for.
  static func hold(_ data: TrainingData, against program: CheckedProgram) throws(TrainError) {
    guard program.data.trainedExamples != data.trainIndices.count else { return }
    let checked = program.data.trainedExamples.map(String.init) ?? "an unknown number of"
    throw TrainError(
      .data, "the schedule was checked for \(checked) training examples, but the files give \(data.trainIndices.count)",
      help: "start again: the files have changed since the check", span: program.data.sourceSpan)
  }

  /// Compiles a phase at fixed ranks and allocates its arena.
  static func compile(
    _ compiler: PhaseCompiler, phase: Int, ranks: [Int], threads: Int, engine: any Engine
  ) throws(TrainError) -> PhaseSegment {
    let compiled: Compiled
    do { compiled = try compiler.compiled(phase: phase, ranks: ranks) } catch { throw TrainError(.defect, error.message) }
    return try PhaseSegment(compiler, phase: phase, ranks: ranks, compiled, threads: threads, engine: engine)
  }

  /// The folder of a run that begins.
  static func newFolder(_ options: TrainOptions, _ program: CheckedProgram) throws(TrainError) -> RunFolder {
    guard let path = options.output else { return try RunFolder(numbering: program.network.name) }
    return try RunFolder(creating: path)
  }

  func describe(total: Int) -> RunDescription {
    RunDescription(
      network: program.network.name, folder: folder.path,
      parameters: segment.segment.plan.elements(.weight) + segment.segment.plan.elements(.frozen),
      trainExamples: data.trainIndices.count, validationExamples: data.validationIndices.count,
      testExamples: data.test?.wholeExamples.count ?? 0,
      totalSteps: total, stepsPerEpoch: feed.stepsPerEpoch, threads: segment.segment.threads, resumed: resumed)
  }
}

extension TrainError {
  /// What the executor reports: memory is the machine's limit, a failed factorization means numbers left their range.
  package init(execution error: ExecutionError) {
    switch error {
    case .outOfMemory(let needed, let available):
      self.init(.memory, Self.tooLarge("a segment of the run", needed: needed, available: available), help: Self.smallerPlan)
    case .factorization:
      self.init(.diverged, "\(error)", help: "the weights hold values that are no numbers; lower the rate or add `clip: 1.0`")
    case .product: self.init(.memory, "\(error)", help: Self.smallerPlan)
    case .input: self.init(.files(.damaged), "\(error)", help: "`--resume` goes on from the last checkpoint once the file is what it was")
    case .plan, .missingKernel, .unknownFunction, .unknownPort, .portMismatch, .wroteOutside: self.init(.defect, "\(error)")
    }
  }

  /// That a plan does not fit into memory; sizes in bytes.
  public static func tooLarge(_ what: String, needed: Int, available: Int) -> String {
    "\(what) needs \(gibibytes(Double(needed))) of memory, and this machine has \(gibibytes(Double(available)))"
  }
  /// What to do about a plan that does not fit.
  public static let smallerPlan = "lower `batch` or the ranks"
}
