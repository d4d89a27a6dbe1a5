import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

/// What the transitions of a training read of its settings, and what they lack.
struct TransitionUses {
  var hasTransition = false
  var readsState = false
  var readsRewarm = false
  /// Transitions that nothing gives a policy for the optimizer state.
  var stateless: [Span] = []
}

/// Reads how weights come from one form into the next.
struct TransitionReader: Checking {
  let tools: Tools
  let context: TrainContext
  private(set) var uses = TransitionUses()

  init(_ context: TrainContext, _ tools: Tools) {
    self.context = context
    self.tools = tools
  }

  /// The settings of one transition, with the defaults of `train`; `update` is what moves the weights from there on.
  mutating func readTransition(_ point: TimelinePoint, update: (any Update)?) -> TransitionSettings? {
    if point.isEnd { return readLastTransition(point) }
    uses.hasTransition = true
    let settings = readTransitionOptions(point, update)
    if settings.policy == nil, context.state != nil { uses.readsState = true }
    if settings.rewarm == nil, context.rewarm != nil { uses.readsRewarm = true }
    // Without state there is nothing to say of it.
    let isNeeded = update?.keepsState ?? true
    guard let policy = settings.policy ?? context.state?.policy ?? (isNeeded ? nil : .reset) else {
      if !settings.isFaulty { uses.stateless.append(point.whenSpan) }
      return nil
    }
    return TransitionSettings(
      state: policy, error: settings.error, rewarm: settings.rewarm ?? context.rewarm, recalibrationBatches: settings.recalibration)
  }

  /// No step follows the end, so that there is neither state nor a rate.
  private func readLastTransition(_ point: TimelinePoint) -> TransitionSettings {
    let settings = readTransitionOptions(point, nil)
    for (option, isGiven) in [("state", settings.policy != nil), ("rewarm", settings.rewarm != nil)] where isGiven {
      guard let by = point.by else { continue }
      report(
        .unreadEntry, "`\(option)` has no effect: no step follows the end", at: edits.argument(option, of: by)?.span ?? by.span,
        label: "nothing reads this", fixIts: edits.removing(option: option, of: by, .safe))
    }
    return TransitionSettings(state: .reset, error: settings.error, recalibrationBatches: settings.recalibration)
  }

  private struct TransitionOptions {
    var policy: StatePolicy?
    var error: Double?
    var rewarm: Duration?
    var recalibration = 0
    var isFaulty = false
  }

  private func readTransitionOptions(_ point: TimelinePoint, _ update: (any Update)?) -> TransitionOptions {
    guard let by = point.by else { return TransitionOptions() }
    guard let value = evaluator.evaluate(by),
      let (kind, options) = resolver.resolveMethod(
        LocatedOption(value, by.span), among: vocabulary.transitions, spec: { $0.spec }, what: "transition")
    else { return TransitionOptions(isFaulty: true) }
    let transition = kind.init(options: options)
    if let policy = transition.state, let update, !update.keepsState {
      let idle = IdleState(update)
      report(
        .pointlessValue, idle.message, at: edits.argument("state", of: by)?.span ?? by.span,
        label: "`\(stateText(policy))` does nothing", help: idle.help, fixIts: edits.removing(option: "state", of: by, .safe))
    }
    var recalibration = transition.recalibrationBatches
    if recalibration > 0, let network = context.network, let reason = network.obstacleToRecalibration {
      report(
        .unreadEntry, "`\(network.name)` has no running statistics to recalibrate\(reason)", at: by.span,
        label: "`recalibrate` has no effect", fixIts: edits.removing(option: "recalibrate", of: by, .safe))
      recalibration = 0
    }
    return TransitionOptions(
      policy: transition.state, error: transition.error, rewarm: transition.rewarm, recalibration: recalibration)
  }
}
