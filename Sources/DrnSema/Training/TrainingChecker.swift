import DrnData
import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

/// What checking a training gives.
struct TrainingOutcome: Sendable {
  /// `nil` when something about it is wrong or cannot be known yet.
  var program: CheckedProgram?
  /// The levels of lints it states.
  var levels: [LevelEntry] = []
  /// The number of the program.
  var number = 0
}

/// Checks one `train` declaration: made for it.
struct TrainingChecker: Checking {
  let tools: Tools
  let item: TrainItem
  /// `nil` where no file declares it.
  let elaborated: NetworkOutcome?
  /// `nil` when the data set has an error, which silences whatever depends on it.
  let data: CheckedData?
  /// What the file and those it imports declare: a block may be the loss.
  let declarations: Declarations

  /// `nil` when the network has an error, which silences whatever depends on it.
  var network: Network? { elaborated?.network }

  typealias Table = TrainingSettings.Table

  /// The training as a program, and what was found on the way.
  func outcome() -> (value: TrainingOutcome, findings: Findings) {
    let outcome = check()
    return (outcome, reporter.findings)
  }

  private func check() -> TrainingOutcome {
    let entries = reader.collect(
      item.entries, known: Table.singleNames, clauses: Table.clauses, repeatable: Table.require.name, timed: true, owner: "`train`")
    if let elaborated, let data { compare(elaborated, data) }
    let length = reader.required(Table.length, entries, of: item.network).flatMap { reader.converted($0, Table.length)?.duration }
    let batch = reader.required(Table.batch, entries, of: item.network).flatMap { reader.converted($0, Table.batch)?.integer }
    let accumulation = reader.value(Table.accumulation, entries)?.integer ?? 1
    let steps = stepsPerEpoch(batch, accumulation, entries)
    // Without a length every time counts as within the run.
    let time = TimeScale(
      stepsPerEpoch: steps, length: length ?? Duration(.epoch, Int.max), lengthSpan: entries[Table.length]?.value.span)
    let context = makeContext(entries, time)
    UpdateReader(tools: tools).checkParts(context.updates, accumulation: accumulation)
    let (schedule, uses) = checkSchedule(entries, context)
    let settings = readTraining(
      entries, context, schedule, uses, length: length, batch: batch, accumulation: accumulation)
    if let network, let batch { checkSizes(network, batch: batch, accumulation, entries) }
    let levels = LevelReader(tools: tools).read(entries)
    let program = schedule.flatMap { schedule in settings.flatMap { makeProgram(schedule, $0, levels, time) } }
    return TrainingOutcome(program: program, levels: levels)
  }

  private func checkSizes(_ network: Network, batch: Int, _ accumulation: Int, _ entries: Settings) {
    let checker = SizeChecker(tools: tools, network: network)
    checker.checkSizes(rows: batch * accumulation)
    if let data { checker.checkNormalizations(batch: batch, accumulation, data.settings, entries[Table.batch]?.value.span) }
  }

  /// Where the training or one of its clauses first asks for bfloat16.
  private var precisionSpan: Span? {
    let entries = item.entries.flatMap { entry -> [Entry] in if case .clause(let clause) = entry { clause.entries } else { [entry] } }
    for case .setting(let setting) in entries where setting.name.text == Table.precision.name {
      if sources.text(setting.value.span) == ProductPrecision.bfloat16.rawValue { return setting.span }
    }
    return nil
  }

  private func makeProgram(
    _ schedule: Schedule, _ settings: TrainingSettings, _ levels: [LevelEntry], _ time: TimeScale
  ) -> CheckedProgram? {
    guard reporter.errorCount == 0, !reporter.hasReported(.unknownOrder), let network, let data else { return nil }
    guard let phases = makePhases(schedule.timelines, time) else {
      report(
        .unknownOrder, "the times of `\(network.name)` mix epochs and steps, and the length of an epoch is unknown", at: item.network.span,
        label: "no order", help: "state `examples: n` in `data \(data.settings.name)`, or use one unit")
      return nil
    }
    SizeChecker(tools: tools, network: network).checkWeightMemory(schedule.timelines.weights, phases)
    guard reporter.errorCount == 0 else { return nil }
    var program = CheckedProgram(
      network: network, data: data.settings, training: settings, weights: schedule.timelines.weights, phases: phases,
      events: schedule.events, requirements: schedule.requirements, allowed: levels.allowed, stepsPerEpoch: time.stepsPerEpoch)
    program.lintLevels = levels.levels.overridden(by: tools.options.levels)
    program.selectors = reporter.findings.matches
    program.stopAfter = tools.options.stopAfter
    program.training.ownPrecisionSpan = precisionSpan
    return program
  }

  private func makeContext(_ entries: Settings, _ time: TimeScale) -> TrainContext {
    let initializer = readInitializer(entries)
    let times = TimelineReader(tools: tools, time: time)
    let updates = readTimed(Table.optimizer, entries, times) { UpdateReader(tools: tools).readUpdate($0) }
    return TrainContext(
      item: item, network: network, data: data, sites: network?.weightSites(initial: initializer) ?? [],
      layers: network.map(LayerIndex.init),
      time: time, state: readState(entries), rewarm: reader.value(Table.rewarm, entries)?.duration, updates: updates)
  }

  /// Steps in one epoch, `nil` while the number of examples is unknown; an epoch without a step is reported.
  private func stepsPerEpoch(_ batch: Int?, _ accumulation: Int, _ entries: Settings) -> Int? {
    guard let data = data?.settings, let batch, let examples = data.examples else { return nil }
    let trained = data.trainedExamples ?? examples
    let plan = BatchPlan(
      examples: trained, batch: batch, accumulation: accumulation, lastBatch: data.dropsLastBatch ? .drop : .keep)
    guard let steps = plan.stepsPerEpoch, steps < 1 else { return plan.stepsPerEpoch }
    let count = accumulation == 1 ? "\(batch)" : "\(accumulation) x \(batch)"
    report(
      .emptyEpoch, "a batch of \(count) is larger than the \(trained) training examples of `\(data.name)`",
      at: entries[Table.batch]?.value.span, label: "\(count) examples",
      notes: trained < examples ? ["\(examples - trained) of \(examples) examples are held out for validation or not used"] : [],
      help: data.dropsLastBatch ? "use a smaller batch, or write `last_batch: keep` in `data \(data.name)`" : nil,
      fixIts: fittingBatch(trained / accumulation, entries))
    return nil
  }
}
