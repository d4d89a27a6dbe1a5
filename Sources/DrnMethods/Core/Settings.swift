import DrnIR
import DrnNumbers

/// A loss. One file each under `Losses/`, listed in `Losses.all`.
public protocol Loss: Method, LossFunction {
  /// Whether the labels are classes (i32) or target vectors (f32 of the output's shape).
  static var takesClasses: Bool { get }
}

/// What is minimized: a loss of the vocabulary, or one that a program writes.
public protocol LossFunction: Sendable {
  /// Whether the labels are classes (i32) or target vectors (f32 of the output's shape).
  var takesClasses: Bool { get }
  /// The loss with its options, as a program names it.
  var callText: String { get }
  /// All that it computes follows from: `callText`, and where a program writes the loss, the operations of that.
  var definition: String { get }
  /// The scalar mean loss over the batch.
  func emit(outputs: Value, labels: Value, in builder: inout Builder) throws(IRError) -> Value
}

extension Loss {
  public var takesClasses: Bool { Self.takesClasses }
  public var definition: String { callText }
}

/// A learning-rate schedule: a pure function of time, and of how often it has been lowered so far. One file each under `Rates/`, listed in `Rates.all`.
public protocol Rate: Method {
  /// The rate of one step, counted from the start of the run; a course over time spans `time`.
  func value(at step: Int, time: RateTime) -> Double
  /// The moments at which the rate jumps, for checks of alignment; empty for smooth schedules.
  var jumps: [Moment] { get }
  /// The options whose values leave nothing of what they are for.
  var pointless: [PointlessOption] { get }
}

extension Rate {
  /// What holds of every schedule.
  static func pointless(_ options: Options) -> [PointlessOption] {
    options.number("rate") == 0 ? [PointlessOption("rate", "is 0, so that no step moves a weight")] : []
  }
}

/// What a rate may know of time.
public struct RateTime: Hashable, Sendable {
  /// Steps of one pass over the training split, the last of which may have a smaller batch.
  public let stepsPerEpoch: Int
  /// The first step of the span in which the schedule holds; 0 where it holds from the start of the run.
  public let start: Int
  /// The step after the last of the span.
  public let end: Int
  /// How often the run has lowered the rate within the span; only `plateau` asks.
  public let reductions: Int
  public init(stepsPerEpoch: Int, start: Int = 0, end: Int, reductions: Int = 0) {
    self.stepsPerEpoch = stepsPerEpoch
    self.start = start
    self.end = end
    self.reductions = reductions
  }
}

/// What becomes of optimizer state at a transition.
public enum StatePolicy: Hashable, Sendable {
  /// The state of the weights that change starts anew, and counts its updates anew; that of the others goes on.
  case reset
  /// The optimizer starts anew as a whole: the state of every weight and vector that no other change of the moment carries.
  case restart
  case carry
  /// Carried, then all but this share of the entries, the largest in magnitude, set to zero.
  case prune(keep: Rational)

  /// Whether the state of the changed weight starts anew.
  public var startsAnew: Bool { self == .reset || self == .restart }
}

/// Which tensors of a factorized weight weight decay acts on.
public enum DecayTarget: String, Hashable, Sendable, CaseIterable {
  /// L2 on each factor: a nuclear-norm penalty on the product.
  case factors
  /// L2 on the reconstructed product (Frobenius decay).
  case product
  case none
}

/// By what a normalization over the batch works while training, where its layer is not trained.
public enum FrozenStatistics: String, Hashable, Sendable, CaseIterable {
  /// By those of the batch, which the running ones go on averaging, as while it is trained.
  case batch
  /// By the running ones, which stay as they are: the layer computes what it computes when evaluating.
  case running
}

/// By what a run chooses the epoch whose weights it saves.
public enum Selection: String, Hashable, Sendable, CaseIterable {
  /// The highest accuracy on the validation split; of equal ones the lowest loss, then the earliest epoch. The same for the next.
  case accuracy
  /// The highest mean of the classes' recalls.
  case balancedAccuracy = "balanced_accuracy"
  /// The lowest loss.
  case loss
  /// None: the weights after the last step.
  case last

  /// What holds where the source does not say: the loss where there are no classes.
  public static func standard(classes: Int?) -> Selection { classes == nil ? .loss : .accuracy }
  /// For the reference.
  public static let specs = [
    MethodSpec(accuracy.rawValue, summary: "`select:` the epoch of the highest accuracy on validation; the default with classes."),
    MethodSpec(
      balancedAccuracy.rawValue, summary: "`select:` the epoch of the highest mean of the classes' recalls on validation.",
      source: "Brodersen et al. 2010, \"The balanced accuracy and its posterior distribution\""),
    MethodSpec(loss.rawValue, summary: "`select:` the epoch of the lowest validation loss; the default without classes."),
    MethodSpec(last.rawValue, summary: "`select:` the weights after the last step."),
  ]
  /// Whether it counts right answers.
  public var needsClasses: Bool { self == .accuracy || self == .balancedAccuracy }
}
