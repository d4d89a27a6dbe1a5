import DrnMethods

/// Which weights a run saves, and why.
public struct SavedState: Hashable, Sendable {
  /// Why the weights of that step were saved and no others.
  public enum Reason: Hashable, Sendable {
    /// The best of the competing epochs.
    case best(Int, Selection)
    case selectsLast
    case noValidation
    /// No epoch ended after the last change of form, rank or trained tensors.
    case noneCompetes
    case interrupted
    /// No step was run.
    case initial
  }
  /// Updates the weights have had.
  public let step: Int
  /// Why these and no others.
  public let reason: Reason
  /// The epochs that ended since the last change of form, rank or trained tensors; `nil` where the last step is saved.
  public let competing: ClosedRange<Int>?
  /// What may change them at the end of training.
  public enum Change: Hashable, Sendable {
    /// They took the forms that `from end` names.
    case forms
    /// An event `at end` changed them.
    case events
  }
  /// What changed them afterwards, in this order.
  public internal(set) var changes: [Change] = []

  init(step: Int, reason: Reason, competing: ClosedRange<Int>? = nil) {
    self.step = step
    self.reason = reason
    self.competing = competing
  }

  /// The epoch at whose end they were taken, where it was chosen.
  public var bestEpoch: Int? { if case .best(let epoch, _) = reason { epoch } else { nil } }

  /// In words: `epoch 5, the highest accuracy on validation of epochs 3 to 9`.
  public var text: String {
    reasonText
      + changes.map { change in
        switch change {
        case .forms: "; then in the forms of the end"
        case .events: "; then changed by the events at the end"
        }
      }.joined()
  }

  private var reasonText: String {
    switch reason {
    case .best(let epoch, let selection): "epoch \(epoch), \(selection.superlative) on validation of \(competingText)"
    case .selectsLast: "the last step, as `select: last` asks"
    case .noValidation: "the last step: there is no validation split to choose an epoch by"
    case .noneCompetes: "the last step: no epoch ended after the last change of forms, ranks or trained layers"
    case .interrupted: "the step at which the run was interrupted"
    case .initial: "the beginning: no step was run"
    }
  }

  private var competingText: String {
    guard let competing, competing.lowerBound > 0 else { return "all epochs" }
    let epochs = competing.count == 1 ? "epoch \(competing.lowerBound)" : "epochs \(competing.lowerBound) to \(competing.upperBound)"
    return epochs + ", those since forms, ranks or trained layers last changed"
  }
}

extension Selection {
  fileprivate var superlative: String {
    switch self {
    case .accuracy: "the highest accuracy"
    case .balancedAccuracy: "the highest balanced accuracy"
    case .loss: "the lowest loss"
    case .last: "the last"
    }
  }
}
