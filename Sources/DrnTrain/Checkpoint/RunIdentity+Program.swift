import DrnData
import DrnIR
import DrnMethods
import DrnSema
import DrnSystem

extension RunIdentity {
  /// The fields of a program and of the examples of a run.
  ///
  /// Left out is what changes no number that is trained: names of files, data sets and networks, levels of lints, requirements, measurements,
  /// how accuracy is counted, the bound on a truncation, and where a run stops early.
  init(_ program: CheckedProgram, _ data: TrainingData, version: String) {
    self.init(version: version, fields: IdentityFields(program, data).fields, data: data.fingerprint, test: data.testFingerprint)
  }
}

/// Collects the fields; times are in steps where an epoch's length is known.
private struct IdentityFields {
  let program: CheckedProgram
  private(set) var fields: [RunIdentity.Field] = []

  init(_ program: CheckedProgram, _ data: TrainingData) {
    self.program = program
    addData(data)
    addTraining()
    addNetwork()
    for weight in program.weights { add(weight) }
    for phase in program.phases { add(phase) }
    for event in program.events { add(event) }
  }

  private mutating func add(_ name: String, _ value: String) { fields.append(RunIdentity.Field(name, value)) }

  private mutating func addData(_ data: TrainingData) {
    let settings = program.data
    add("examples to train on", "\(data.trainIndices.count)")
    add("examples for validation", "\(data.validationIndices.count)")
    add("input", "\(settings.inputShape)")
    add("label", settings.classes.map { "class(\($0))" } ?? "tensor[\(settings.targets)]")
    switch settings.preparation {
    case .none: add("prepare", "none")
    case .standardize(let granularity): add("prepare", "standardize(per: \(granularity.rawValue))")
    }
    add("augment", "\(settings.augmentation)")
  }

  private mutating func addTraining() {
    let (training, batches) = (program.training, program.batches)
    add("batch", "\(batches.whole.size)")
    add("accumulation", "\(batches.whole.parts)")
    add("last update", batches.rest.map { "\($0.parts) x \($0.size)" } ?? "as every other")
    add("steps per epoch", batches.stepsPerEpoch.map { "\($0)" } ?? "unknown")
    add("seed", "\(training.seed)")
    add("rate", program.rateText ?? type(of: training.rate).spec.name)
    add("weight_decay", "\(training.weightDecay)")
    add("decay", training.decayTarget.rawValue)
    add("select", training.selection.rawValue)
    add("clip", training.clip.map { "\($0)" } ?? "none")
    add("class_weights", "\(training.classWeights)")
    guard let from = training.weightsFrom else { return }
    add("map of weights_from", from.names.map { "\($0.here) = \($0.there)" }.joined(separator: ", "))
    add("content of weights_from", Self.fingerprint(ofFile: from.resolvedPath).map { "\($0)" } ?? "absent")
  }

  private static func fingerprint(ofFile path: String) -> UInt64? {
    guard Files.kind(path) == .regular, let content = try? Files.read(path, atMost: MachineMemory.limit) else { return nil }
    var hash = Fingerprint()
    hash.absorb(content)
    return hash.value
  }

  private mutating func addNetwork() {
    func name(_ source: Network.Source) -> String {
      switch source {
      case .input: "input"
      case .node(let index): program.network.nodes[index].savedName
      }
    }
    for node in program.network.nodes {
      let inputs = node.inputs.map(name).joined(separator: ", ")
      add("layer \(node.savedName)", "\(call(type(of: node.layer).spec, node.options)) of \(inputs) -> \(node.shape)")
    }
    add("output", name(program.network.output))
  }

  private mutating func add(_ weight: WeightPlan) {
    add("initial of \(weight.name)", "\(weight.initializer)")
    for (index, span) in weight.spans.enumerated() {
      var text = call(type(of: span.form).spec, span.form.options) + ", rank \(span.rank.map { "\($0)" } ?? "\(span.rankBounds)")"
      if index > 0 {
        text += ", state \(span.transition.state), recalibrate \(span.transition.recalibrationBatches)"
        if let rewarm = span.transition.rewarm { text += ", rewarm \(steps(rewarm))" }
      }
      add("form of \(weight.name) from \(steps(span.start))", text)
    }
  }

  private mutating func add(_ phase: Phase) {
    let place = "from \(steps(phase.start))"
    add("loss \(place)", phase.lossText ?? type(of: phase.loss).spec.name)
    add("optimizer \(place)", call(type(of: phase.update).spec, phase.update.options))
    add("trainable \(place)", phase.trainable.sorted().joined(separator: ", "))
    if phase.index == program.phases.count - 1 { add("length", steps(phase.end)) }
  }

  private mutating func add(_ event: EventPlan) {
    guard case .rank(let action) = event.action else { return }
    let name =
      switch event.trigger {
      case .every(let period): "every \(steps(period))"
      case .at(let moments): "at " + moments.map(steps).joined(separator: ", ")
      case .end: "at the end"
      }
    let weights = event.weights.map { program.weights[$0].name }.joined(separator: ", ")
    add("event \(name)", call(type(of: action).spec, action.options) + " on " + weights)
  }

  // MARK: Values

  private func steps(_ moment: Moment) -> String {
    moment.step(stepsPerEpoch: program.stepsPerEpoch).map { "step \($0)" } ?? moment.text
  }
  private func steps(_ duration: DrnMethods.Duration) -> String {
    duration.steps(stepsPerEpoch: program.stepsPerEpoch).map { "\($0) steps" } ?? duration.text
  }

  private func call(_ spec: MethodSpec, _ options: Options) -> String {
    let given = options.values.sorted { $0.key < $1.key }.map { "\($0.key): \(text($0.value))" }
    return given.isEmpty ? spec.name : "\(spec.name)(\(given.joined(separator: ", ")))"
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
