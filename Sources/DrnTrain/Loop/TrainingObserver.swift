/// What a running training tells whoever shows it. Called on the training thread, between steps.
public protocol TrainingObserver: AnyObject {
  func started(_ description: RunDescription)
  func stepped(_ progress: StepProgress)
  /// A record as it is logged: an epoch, a transition, a report, an event.
  func logged(_ record: LogRecord)
}

/// What is known when training starts.
public struct RunDescription: Sendable {
  public let network: String
  public let folder: String
  public let parameters: Int
  public let trainExamples: Int
  public let validationExamples: Int
  public let testExamples: Int
  public let totalSteps: Int
  public let stepsPerEpoch: Int
  public let threads: Int
  /// Where a resumed run begins; `nil` for a run of its own.
  public let resumed: Resumed?

  public struct Resumed: Sendable {
    public let step: Int
    /// The checkpoint; `nil` where the run had none yet and begins again.
    public let path: String?
    /// What was amiss on the way to it, and what differs in the program.
    public let notes: [String]
  }
}

/// The state after one step.
public struct StepProgress: Sendable {
  public let step: Int
  public let totalSteps: Int
  public let epoch: Int
  public let phase: Int
  public let loss: Double
  /// The accuracy of the current epoch so far; `nil` for regression.
  public let accuracy: Double?
  public let rate: Double
  public let secondsElapsed: Double
}
