import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

extension TrainingChecker {
  /// The settings that hold for the whole run, and what of them nothing reads.
  func readTraining(
    _ entries: Settings, _ context: TrainContext, _ schedule: Schedule?, _ uses: TransitionUses, length: Duration?, batch: Int?,
    accumulation: Int
  ) -> TrainingSettings? {
    // After an error in the schedule it is not known what would have been read.
    let isSound = reporter.errorCount == 0
    let seed = readSeed(entries)
    let weightDecay = reader.value(Table.weightDecay, entries)?.number ?? 0
    let clip = reader.value(Table.clip, entries)?.number
    let decay = isSound ? checkDecay(entries, weightDecay, schedule, context) : readDecayTarget(entries)
    let classWeights = readClassWeights(entries)
    let topK = readTopK(entries)
    let selection = readSelection(entries)
    let weightsFrom = WeightsFromReader(tools: tools, context: context).read(entries)
    if isSound { reportUnread(entries, uses, context) }
    guard let length, let batch, let schedule else { return nil }
    return TrainingSettings(
      length: length, batch: batch, accumulation: accumulation, seed: seed, rate: schedule.rate, weightDecay: weightDecay,
      decayTarget: decay ?? .factors, clip: clip, classWeights: classWeights, weightsFrom: weightsFrom, topK: topK,
      selection: selection, span: context.item.span)
  }

  /// `decay:` is needed exactly when there is weight decay and a weight whose trained numbers are not its own.
  private func checkDecay(
    _ entries: Settings, _ weightDecay: Double, _ schedule: Schedule?, _ context: TrainContext
  ) -> DecayTarget? {
    let target = readDecayTarget(entries)
    guard let schedule, context.network != nil else { return target }
    let factored = schedule.timelines.weights.lazy.compactMap { $0.spans.first { !$0.form.decaysByItself } }.first
    if let entry = entries[Table.decay], weightDecay == 0 || factored == nil {
      let reason = weightDecay == 0 ? "there is no `weight_decay`" : "no weight is ever factorized"
      report(
        .unreadEntry, "`decay` has no effect: \(reason)", at: entry.span, label: "nothing reads this",
        fixIts: [edits.removing("`\(entry.name.text)`", entry.span, .safe)])
    }
    guard entries[Table.decay] == nil, weightDecay > 0, let factored else { return target }
    report(
      .decayMissing, "nothing says what weight decay acts on while a weight is factorized", at: entries[Table.weightDecay]?.span,
      label: "acts on each factor, or on their product?", secondary: [Label(factored.span, "factorized from here on")],
      notes: ["decay of each factor is a nuclear-norm penalty on the product and lowers its rank by itself"],
      help: "add `decay: factors`, `decay: product` or `decay: none`", fixIts: decayChoices(context.item))
    return nil
  }

  private func reportUnread(_ entries: Settings, _ uses: TransitionUses, _ context: TrainContext) {
    guard context.network != nil else { return }
    if let entry = entries[Table.state], !uses.readsState {
      let reason = uses.hasTransition ? "every transition has a state policy of its own" : "no weight changes its form"
      report(
        .unreadEntry, "`state` has no effect: \(reason)", at: entry.span, label: "nothing reads this",
        fixIts: [edits.removing("`\(entry.name.text)`", entry.span, .safe)])
    }
    if let entry = entries[Table.rewarm], !uses.readsRewarm {
      let reason = uses.hasTransition ? "every transition has a warm-up of its own" : "no weight changes its form"
      report(
        .unreadEntry, "`rewarm` has no effect: \(reason)", at: entry.span, label: "nothing reads this",
        fixIts: [edits.removing("`\(entry.name.text)`", entry.span, .safe)])
    }
    if let entry = entries[Table.initial], !context.sites.contains(where: \.takesInitial) {
      let reason = context.sites.isEmpty ? "the network has no weight matrix" : "every layer has an `initial` of its own"
      report(
        .unreadEntry, "`initial` has no effect: \(reason)", at: entry.span, label: "nothing reads this",
        fixIts: [edits.removing("`\(entry.name.text)`", entry.span, .safe)])
    }
  }

  private func decayChoices(_ item: TrainItem) -> [FixIt] {
    ["product", "factors", "none"].flatMap { edits.adding("decay: \($0)", to: item.entries) }
  }
}
