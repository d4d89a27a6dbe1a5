import DrnData
import DrnEngines
import DrnIR
import DrnMethods
import DrnProgram
import DrnSystem

extension RunIdentity {
  /// The fields of a program and of the examples of a run.
  ///
  /// Left out is what changes no number that is trained: names of files, data sets and networks, levels of lints, requirements, measurements,
  /// how accuracy is counted, the bound on a truncation, and where a run stops early.
  ///
  /// What `engine` says of itself are facts too; drnc's own executor says nothing.
  init(_ program: CheckedProgram, _ data: TrainingData, version: String, engine: EngineIdentity? = nil) {
    self.init(
      version: version, fields: IdentityFields(program, data).fields + (engine.map(Self.fields) ?? []), data: data.fingerprint,
      test: data.testFingerprint)
  }

  private static func fields(_ engine: EngineIdentity) -> [Field] {
    [
      Field("engine", engine.name), Field("engine version", engine.version), Field("engine device", engine.device),
      Field("engine devices", "\(engine.devices) in \(engine.processes) processes"),
    ] + (engine.dividesState ? [Field("engine state", "divided")] : [])
  }
}

extension CheckedProgram {
  /// The events that change weights, by place and by a name that a later program with the same event has for it too: what it does, how it is
  /// triggered without the moments, and its number among equals.
  var rankEventNames: [(index: Int, name: String)] {
    let texts = IdentityFields(self)
    var seen: [String: Int] = [:]
    return events.indices.compactMap { index in
      guard events[index].weightEvent != nil else { return nil }
      let trigger =
        switch events[index].trigger {
        case .every(let period): "every \(period.text)"
        case .at: "at moments"
        case .end: "at the end"
        }
      let name = trigger + " " + texts.text(events[index])
      seen[name, default: 0] += 1
      return (index, "\(name) #\(seen[name] ?? 1)")
    }
  }
}

/// Collects the fields; times are in steps where an epoch's length is known.
private struct IdentityFields {
  let program: CheckedProgram
  private(set) var fields: [RunIdentity.Field] = []

  /// No fields yet: for texts alone.
  init(_ program: CheckedProgram) { self.program = program }

  init(_ program: CheckedProgram, _ data: TrainingData) {
    self.program = program
    addData(data)
    addTraining()
    addNetwork()
    for weight in program.weights { add(weight) }
    for phase in program.phases { add(phase) }
    for event in program.events { add(event) }
  }

  private mutating func add(_ name: String, _ value: String, from start: RunIdentity.Start = .step(0)) {
    fields.append(RunIdentity.Field(name, value, from: start))
  }

  private mutating func addData(_ data: TrainingData) {
    let settings = program.data
    add("examples to train on", "\(data.trainIndices.count)")
    add("examples for validation", "\(data.validationIndices.count)")
    if let subset = settings.subset { add("examples_used", call(subset)) }
    add("split_seed", "\(settings.splitSeed)")
    add("input", settings.inputElement.text(settings.inputShape))
    add("label", settings.labelText)
    add("prepare", settings.preparationText)
    add("augment", "[\(settings.augmentation.map(\.callText).joined(separator: ", "))]")
  }

  private mutating func addTraining() {
    let (training, batches) = (program.training, program.batches)
    add("batch", "\(batches.whole.size)")
    add("accumulation", "\(batches.whole.parts)")
    add("last update", batches.rest.map { "\($0.parts) x \($0.size)" } ?? "as every other")
    add("steps per epoch", batches.stepsPerEpoch.map { "\($0)" } ?? "unknown")
    add("seed", "\(training.seed)")
    add("rate", training.rate.text(moment: steps), from: .rates)
    for span in training.rate.spans where span.rate is PlateauRate {
      add("rate decided from \(steps(span.start)) on", call(span.rate), from: start(span.start))
    }
    // Which steps are made depends on it, and no number of a step.
    if let stop = training.stop { add("stop", call(stop), from: .end) }
    add("weight_decay", "\(program.phases[0].weightDecay)")
    add("decay", training.decayTarget.rawValue)
    add("select", training.selection.rawValue)
    if let mixture = training.mixture { add("mix", call(mixture)) }
    if let average = training.average { add("average", call(average)) }
    add("clip", training.clip.map { "\($0)" } ?? "none")
    if let value = training.clipValue { add("clip_value", "\(value)") }
    add("class_weights", "\(training.classWeights)")
    guard let from = training.weightsFrom else { return }
    add("map of weights_from", from.names.map { "\($0.here) = \($0.there)" }.joined(separator: ", "))
    add("except of weights_from", from.excepted.sorted().joined(separator: ", "))
    add("content of weights_from", Self.fingerprint(ofFile: from.resolvedPath).map { "\($0)" } ?? "absent")
  }

  private static func fingerprint(ofFile path: String) -> UInt64? {
    guard Files.kind(path) == .regular, let content = try? Files.read(path, atMost: MachineMemory.limit) else { return nil }
    var hash = Fingerprint()
    hash.absorb(content)
    return hash.value
  }

  private mutating func addNetwork() {
    for node in program.network.nodes {
      let inputs = node.inputs.map(program.network.name).joined(separator: ", ")
      add("layer \(node.savedName)", "\(call(node.layer)) of \(inputs) -> \(node.shape)")
    }
    add("output", program.network.name(of: program.network.output))
  }

  private mutating func add(_ weight: WeightPlan) {
    add("initial of \(weight.name)", "\(weight.initializer)")
    if weight.precision != .single { add("precision of \(weight.name)", weight.precision.rawValue) }
    for (index, span) in weight.spans.enumerated() {
      var text = call(span.form) + ", rank \(span.rank.map { "\($0)" } ?? "\(span.rankBounds)")"
      if index > 0 {
        text += ", state \(span.transition.state), recalibrate \(span.transition.recalibrationBatches)"
        if let rewarm = span.transition.rewarm { text += ", rewarm \(steps(rewarm))" }
      }
      if program.startText(span.start) == "end" {
        add("form of \(weight.name) at the end", text, from: .end)
      } else {
        add("form of \(weight.name) from \(steps(span.start))", text, from: start(span.start))
      }
    }
  }

  private mutating func add(_ phase: Phase) {
    let place = "from \(steps(phase.start))"
    let begin = start(phase.start)
    // What a phase takes over from the one before it is no fact of its own: a phase more changes nothing else.
    func addChanged(_ name: String, _ value: (Phase) -> String) {
      guard phase.index == 0 || value(phase) != value(program.phases[phase.index - 1]) else { return }
      add("\(name) \(place)", value(phase), from: begin)
    }
    if phase.index == program.phases.count - 1 { add("length", steps(phase.end), from: start(phase.end)) }
    if phase.isAtEnd { return }
    addChanged("loss") { $0.loss.definition }
    addChanged("optimizer") { call($0.update) }
    for weight in program.weights where program.phases.contains(where: { $0.ownUpdates[weight.name] != nil }) {
      addChanged("optimizer of \(weight.name)") { $0.ownUpdates[weight.name].map(call) ?? "" }
    }
    if phase.index > 0 { addChanged("weight_decay") { "\($0.weightDecay)" } }
    addChanged("statistics") { $0.statistics.rawValue }
    addChanged("trainable") { $0.trainable.sorted().joined(separator: ", ") }
  }

  private mutating func add(_ event: EventPlan) {
    if case .report = event.action { return }
    let action = text(event)
    // Whether the optimizer's state of the best epochs is kept follows from it, from the first epoch on.
    var first: RunIdentity.Start?
    if case .restore = event.action { first = .step(0) }
    // What is seen of examples is kept from the first step on.
    if case .sieve = event.action { first = .step(0) }
    switch event.trigger {
    case .every(let period):
      add(
        "event every \(steps(period))", action,
        from: first ?? period.steps(stepsPerEpoch: program.stepsPerEpoch).map { .step($0) } ?? .step(0))
    case .at(let moments): for moment in moments { add("event at \(steps(moment))", action, from: first ?? start(moment)) }
    case .end: add("event at the end", action, from: .end)
    }
  }

  /// What an event does, without its times.
  func text(_ event: EventPlan) -> String {
    guard let action = event.weightEvent else { return eventText(event) }
    let weights = event.weights.map { program.weights[$0].name }.joined(separator: ", ")
    return call(action) + (event.condition.map { " when \($0.text)" } ?? "") + " on " + weights
  }

  // MARK: Values

  /// Unknown times are taken to have begun.
  private func start(_ moment: Moment) -> RunIdentity.Start { .step(moment.step(stepsPerEpoch: program.stepsPerEpoch) ?? 0) }

  private func steps(_ moment: Moment) -> String {
    moment.step(stepsPerEpoch: program.stepsPerEpoch).map { "step \($0)" } ?? moment.text
  }
  private func steps(_ duration: DrnMethods.Duration) -> String {
    duration.steps(stepsPerEpoch: program.stepsPerEpoch).map { "\($0) steps" } ?? duration.text
  }

  private func call(_ method: any Method) -> String {
    let name = type(of: method).spec.name
    let given = method.options.values.sorted { $0.key < $1.key }.map { "\($0.key): \(text($0.value))" }
    return given.isEmpty ? name : "\(name)(\(given.joined(separator: ", ")))"
  }

  /// Equal for equal values, however they are written: `10%` is `0.1`.
  private func text(_ value: OptionValue) -> String {
    if let number = value.number { return "\(number)" }
    switch value {
    case .moment(let moment): return steps(moment)
    case .duration(let duration): return steps(duration)
    case .proportion(let share, let base): return "\(text(share)) of \(base)"
    case .list(let items): return "[" + items.map { text($0.value) }.joined(separator: ", ") + "]"
    case .call(let call):
      let arguments = call.arguments.map { argument in (argument.name.map { "\($0): " } ?? "") + text(argument.value.value) }
      return "\(call.name)(\(arguments.joined(separator: ", ")))"
    case .integer, .rational, .decimal, .percent, .boolean, .text, .word, .pattern: return value.text
    }
  }
}
