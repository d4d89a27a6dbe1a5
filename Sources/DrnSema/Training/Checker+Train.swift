import DrnData
import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

extension Checker {
  static let trainSettingNames = [
    "length", "batch", "accumulation", "seed", "loss", "optimizer", "rate", "state", "rewarm", "decay", "weight_decay", "clip", "initial",
    "weights_from", "class_weights", "top_k", "select", "trainable", "statistics", "allow", "warn", "deny",
  ]
  static let trainClauseNames = ["weights", "loss", "optimizer", "trainable", "statistics"]

  /// A `train` declaration as a program, or `nil` when something about it is wrong or cannot be known yet.
  mutating func checkTraining(_ item: TrainItem, _ network: Network?, _ data: CheckedData?) -> CheckedProgram? {
    let errors = errorCount
    let earlierMatches = matches.count
    resetTransitions()
    lengthSpan = nil
    rateValue = nil
    let entries = collect(
      item.entries, known: Self.trainSettingNames, clauses: Self.trainClauseNames, repeatable: "require", timed: true, owner: "`train`")
    if let network, let data { compare(network, data, item) }
    let length = required("length", entries, of: item.network).flatMap { duration($0, "length") }
    lengthSpan = entries["length"]?.value.span
    let batch = required("batch", entries, of: item.network).flatMap { integer($0, "batch", in: 1...1_000_000) }
    let accumulation = readInteger("accumulation", entries, in: 1...1024) ?? 1
    let steps = stepsPerEpoch(data?.settings, batch, accumulation, entries)
    // Without a length every time counts as within the run.
    let time = TimeScale(stepsPerEpoch: steps, length: length ?? Duration(.epoch, Int.max))
    let context = makeContext(item, network, data, entries, time)
    let schedule = checkSchedule(entries, context)
    let settings = readTraining(entries, context, schedule, length: length, batch: batch, accumulation: accumulation, errors: errors)
    if let network, let batch {
      checkSizes(network, rows: batch * accumulation)
      if let data { checkNormalizations(network, batch: batch, accumulation, data.settings, entries["batch"]?.value.span) }
    }
    let allowed = readLevels(entries)
    guard errorCount == errors, !hasUnknownOrder, let network, let data, let settings, let schedule else { return nil }
    guard let phases = makePhases(schedule.timelines, time) else {
      report(
        .unknownOrder, "the times of `\(network.name)` mix epochs and steps, and the length of an epoch is unknown", at: item.network.span,
        label: "no order", help: "state `examples: n` in `data \(data.settings.name)`, or use one unit")
      return nil
    }
    checkWeightMemory(schedule.timelines.weights, phases, network)
    guard errorCount == errors else { return nil }
    var program = CheckedProgram(
      network: network, data: data.settings, training: settings, weights: schedule.timelines.weights, phases: phases,
      events: schedule.events, requirements: schedule.requirements, allowed: allowed, stepsPerEpoch: steps)
    program.lintLevels = lintLevels
    program.rateText = schedule.rate.text
    program.selectors = Array(matches[earlierMatches...])
    program.stopAfter = options.stopAfter
    return program
  }

  private mutating func resetTransitions() {
    hasUnknownOrder = false
    hasTransition = false
    readsState = false
    readsRewarm = false
    stateless = []
  }

  private mutating func makeContext(
    _ item: TrainItem, _ network: Network?, _ data: CheckedData?, _ entries: Settings, _ time: TimeScale
  ) -> TrainContext {
    let initializer = readInitializer(entries)
    let updates = readTimed("optimizer", entries, time, owner: item.network, isRequired: true) { $0.readUpdate($1) }
    return TrainContext(
      item: item, network: network, data: data, sites: network?.weightSites(initial: initializer) ?? [],
      layers: network.map(LayerIndex.init),
      time: time, state: readState(entries), rewarm: readDuration("rewarm", entries), updates: updates)
  }

  /// Steps in one epoch, `nil` while the number of examples is unknown; an epoch without a step is reported.
  private mutating func stepsPerEpoch(_ data: DataSettings?, _ batch: Int?, _ accumulation: Int, _ entries: Settings) -> Int? {
    guard let data, let batch, let examples = data.examples else { return nil }
    let trained = data.trainedExamples ?? examples
    let plan = BatchPlan(
      examples: trained, batch: batch, accumulation: accumulation, lastBatch: data.dropsLastBatch ? .drop : .keep)
    guard let steps = plan.stepsPerEpoch, steps < 1 else { return plan.stepsPerEpoch }
    let count = accumulation == 1 ? "\(batch)" : "\(accumulation) x \(batch)"
    report(
      .emptyEpoch, "a batch of \(count) is larger than the \(trained) training examples of `\(data.name)`",
      at: entries["batch"]?.value.span, label: "\(count) examples",
      notes: trained < examples ? ["\(examples - trained) of \(examples) examples are held out for validation or not used"] : [],
      help: data.dropsLastBatch ? "use a smaller batch, or write `last_batch: keep` in `data \(data.name)`" : nil,
      fixIts: fittingBatch(trained / accumulation, entries))
    return nil
  }

  private mutating func compare(_ network: Network, _ data: CheckedData, _ item: TrainItem) {
    if network.inputShape != data.settings.inputShape {
      // In a file that others import too, the network is the one that is right.
      let own = networkInputSpans[network.name].flatMap { $0.file == item.span.file ? $0 : nil }
      let others =
        own.map { _ in [Label(item.data.span, "trained on `\(data.settings.name)` here")] }
        ?? networkInputSpans[network.name].map { [Label($0, "the network takes \(shapeText(network.inputShape))")] } ?? []
      report(
        .networkInput,
        "`\(network.name)` takes \(shapeText(network.inputShape)), but `\(data.settings.name)` has \(shapeText(data.settings.inputShape))",
        at: own ?? item.data.span,
        label: own == nil ? "examples of \(shapeText(data.settings.inputShape))" : "takes \(shapeText(network.inputShape))",
        secondary: others + [Label(data.shapeSpan, "\(data.settings.inputName) is \(shapeText(data.settings.inputShape))")],
        fixIts: networkInputSpans[network.name].map { declaring("tensor\(shapeText(data.settings.inputShape))", at: $0) } ?? [])
    }
    let needed = data.settings.classes ?? data.settings.targets
    guard network.outputShape != [needed] else { return }
    let what = data.settings.classes == nil ? counted(needed, "value") : "\(needed) classes"
    let secondary = networkResultSpans[network.name].map { [Label($0, "the network returns \(shapeText(network.outputShape))")] } ?? []
    report(
      .headOutputs, "`\(network.name)` returns \(shapeText(network.outputShape)), but `\(data.settings.name)` has \(what)",
      at: item.network.span, label: "returns \(shapeText(network.outputShape))", secondary: secondary + [Label(data.labelSpan, what)],
      help: "the network has to return [\(needed)]", fixIts: returning(needed, network) + declaringClasses(network, data))
  }
}
