/// What a running training tells whoever shows it. Called on the training thread, between steps.
public protocol TrainingObserver: AnyObject {
  /// Called once, before the first step.
  func started(_ description: RunDescription)
  /// Called after every step.
  func stepped(_ progress: StepProgress)
  /// A record as it is logged: an epoch, a transition, a report, an event.
  func logged(_ record: LogRecord)
}

/// What is known when training starts.
public struct RunDescription: Sendable {
  /// The word after `network`.
  public let network: String
  /// The run folder.
  public let folder: String
  /// Numbers held in the phase in which this run begins: trained and frozen.
  public let parameters: Int
  /// Examples of the training split that are trained on.
  public let trainExamples: Int
  /// Examples of the validation split; 0 for none.
  public let validationExamples: Int
  /// Examples of the test; 0 for none.
  public let testExamples: Int
  /// Steps of the whole run, also where it is to stop early.
  public let totalSteps: Int
  /// Steps of one epoch.
  public let stepsPerEpoch: Int
  /// Threads of the executor.
  public let threads: Int
  /// Where a resumed run begins; `nil` for a run of its own.
  public let resumed: Resumed?

  /// Where a resumed run goes on.
  public struct Resumed: Sendable {
    /// The first step to make, which is how many were made before.
    public let step: Int
    /// The checkpoint; `nil` where the run had none yet and begins again.
    public let path: String?
    /// What was amiss on the way to it, and what differs in the program.
    public let notes: [String]
  }
}

/// The state after one step.
public struct StepProgress: Sendable {
  /// Steps made so far.
  public let step: Int
  /// Steps of the whole run, also where it is to stop early.
  public let totalSteps: Int
  /// The epoch of the step, from 0.
  public let epoch: Int
  /// The phase of the step, as an index into `CheckedProgram.phases`.
  public let phase: Int
  /// The mean loss of the current epoch so far.
  public let loss: Double
  /// The accuracy of the current epoch so far; `nil` for regression.
  public let accuracy: Double?
  /// The learning rate of the step.
  public let rate: Double
  /// Wall-clock seconds since this run began.
  public let secondsElapsed: Double
}
