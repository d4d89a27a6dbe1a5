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
    let clip = reader.value(Table.clip, entries)?.number
    let clipValue = reader.value(Table.clipValue, entries)?.number
    let decay = isSound ? checkDecay(entries, schedule, context) : readDecayTarget(entries)
    let classWeights = readClassWeights(entries)
    let topK = readTopK(entries)
    let selection = readSelection(entries)
    let mixture = readMixture(entries, batch: (batch ?? 2) * accumulation)
    let average = readAverage(entries)
    let stop = WatchChecker(tools: tools, context: context, entries: entries).readStop()
    let weightsFrom = WeightsFromReader(tools: tools, context: context).read(entries)
    if isSound { reportUnread(entries, uses, context) }
    guard let length, let batch, let schedule else { return nil }
    return TrainingSettings(
      length: length, batch: batch, accumulation: accumulation, seed: seed, rate: schedule.rate,
      decayTarget: decay ?? .factors, clip: clip, clipValue: clipValue, classWeights: classWeights, weightsFrom: weightsFrom, topK: topK,
      selection: selection, mixture: mixture, average: average, stop: stop, span: context.item.span)
  }

  /// `decay:` is needed exactly when there is weight decay while the trained numbers of a weight are not its own.
  private func checkDecay(_ entries: Settings, _ schedule: Schedule?, _ context: TrainContext) -> DecayTarget? {
    let target = readDecayTarget(entries)
    guard let schedule, context.network != nil else { return target }
    let decays = schedule.timelines.weightDecays
    let factored = schedule.timelines.weights.lazy.compactMap { $0.spans.first { !$0.form.decaysByItself } }.first
    let decayed = schedule.timelines.weights.lazy.compactMap { firstDecayed($0, decays, context.time) }.first
    if let entry = entries[Table.decay], decayed == nil {
      let reason =
        decays.allSatisfy { $0.value == 0 }
        ? "there is no `weight_decay`"
        : factored == nil ? "no weight is ever factorized" : "`weight_decay` is 0 while a weight is factorized"
      report(
        .unreadEntry, "`decay` has no effect: \(reason)", at: entry.span, label: "nothing reads this",
        fixIts: [edits.removing("`\(entry.name.text)`", entry.span, .safe)])
    }
    if let coupled = schedule.timelines.weights.lazy.compactMap({ firstDecayed($0, decays, context.time) { !$0 } }).first {
      lintCoupledDecay(entries[Table.decay], target, coupled, context)
    }
    guard entries[Table.decay] == nil, let decayed else { return target }
    report(
      .decayMissing, "nothing says what weight decay acts on while a weight is factorized",
      at: entries[Table.weightDecay]?.span ?? decays.first { $0.value > 0 }?.span,
      label: "acts on each factor, or on their product?", secondary: [Label(decayed.span, "factorized from here on")],
      notes: ["decay of each factor is a nuclear-norm penalty on the product and lowers its rank by itself"],
      help: "add `decay: factors`, `decay: product` or `decay: none`", fixIts: decayChoices(context.item))
    return nil
  }

  /// Where a form leaves no other way, the gradient of its decay goes through the moments of an optimizer that keeps decay away from them.
  private func lintCoupledDecay(_ entry: SettingEntry?, _ target: DecayTarget?, _ decayed: FormSpan, _ context: TrainContext) {
    guard let entry, target == .product, let update = context.update(at: decayed.start), update.decouplesDecay else { return }
    let word = type(of: update).spec.name
    report(
      .coupledDecay, "`\(word)` decays dense weights beside its steps, but the decay of a product goes through its moments", at: entry.span,
      label: "added to the gradient of the loss", secondary: [Label(decayed.span, "factorized from here on")],
      notes: ["the gradient of the loss shrinks while training, the moments scale what is left, and the decay comes to rule the step"],
      fixIts: [FixIt("write `decay: factors`", edits: [.init(entry.value.span, "factors")], confidence: .unsafe)])
  }

  /// The first span of a weight in a form that does not decay by itself, with weight decay at some time of it; of those alone that are accepted by
  /// whether a decay of their trained tensors is one of the product.
  private func firstDecayed(
    _ weight: WeightPlan, _ decays: [TimedValue<Double>], _ time: TimeScale, where accept: (Bool) -> Bool = { _ in true }
  ) -> FormSpan? {
    weight.spans.indices.first { place in
      let form = weight.spans[place].form
      guard !form.decaysByItself, accept(form.homogeneity(weight.shape) != nil) else { return false }
      let end = place + 1 < weight.spans.count ? weight.spans[place + 1].start : time.end
      return decays.indices.contains { index in
        let decayEnd = index + 1 < decays.count ? decays[index + 1].start : time.end
        return decays[index].value > 0 && (time.order(decays[index].start, end) ?? -1) < 0
          && (time.order(weight.spans[place].start, decayEnd) ?? -1) < 0
      }
    }.map { weight.spans[$0] }
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
