import DrnIR
import DrnMethods
import DrnProgram

/// One gradient evaluation of a step: where every trained part stands in it.
struct StepEvaluation: Sendable {
  /// The function that gives the loss there.
  let function: String
  /// The phase as the evaluation sees it.
  let layout: PhaseLayout
  /// Of each part the number of the evaluation among its own; `nil` where it only stands.
  let ownNumbers: [Int?]
  let views: [PartView]
  /// Whether loss, outputs and buffers are those of the step.
  let isRecorded: Bool
  var seesOtherForms: Bool { views.contains { $0.form != nil } }

  init(_ index: Int, of count: Int, _ layout: PhaseLayout) {
    // A part with fewer evaluations takes part in the last ones.
    ownNumbers = layout.parts.map { assigned in
      let own = index - (count - assigned.evaluations)
      return own >= 0 ? own : nil
    }
    views = zip(layout.parts, ownNumbers).map { assigned, own in
      own.map { assigned.update.view($0, of: assigned.part) } ?? PartView(asked: [])
    }
    self.layout = layout.seen(in: views)
    let leading = layout.parts.first { $0.evaluations == count }
    isRecorded = index == leading.map { $0.update.recordedEvaluation(of: $0.part) } ?? 0
    function = views.contains { $0.form != nil } ? FunctionName.loss(ofEvaluation: index) : FunctionName.loss
  }
}

/// State that is made anew now and then, see `RenewingUpdate`.
public struct Renewal: Sendable {
  /// The function that makes it, to be run before the step of the same batch.
  public let function: String
  /// From one renewal to the next.
  public let period: Duration
  /// What may bring one before its time.
  public let trigger: RenewalTrigger?
  /// Counts the updates since the state began.
  public let counter: UpdateCounter
  /// Indices of the phase's trained parts.
  var parts: [Int]
  /// Their names.
  public fileprivate(set) var owners: [String]

  init(function: String, period: Duration, trigger: RenewalTrigger?, counter: UpdateCounter, part: Int, owner: String) {
    self.function = function
    self.period = period
    self.trigger = trigger
    self.counter = counter
    parts = [part]
    owners = [owner]
  }
  mutating func add(part: Int, owner: String) {
    parts.append(part)
    owners.append(owner)
  }
}

extension Lowering {
  /// The renewals of a phase.
  public func renewals(phase: Int) throws(IRError) -> [Renewal] { try StepLowering(layout: try layout(phase), batch: batch).renewals }
}
