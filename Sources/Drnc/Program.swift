import DrnDriver
import DrnProgram
import DrnTrain

/// A program that the checker has accepted.
public struct Program: Sendable {
  /// The name of the network that is trained.
  public let network: String
  /// Warnings and hints that the checker has of it.
  public let remarks: [Problem]
  private let checked: Driver.CheckedRequest

  /// Reads and checks a file. `set` are settings as of `drnc train --set`, `name=value`; `seed` takes the place of the program's; `training` is
  /// the network to train where the file has several. Throws what the checker finds.
  public init(file: String, set: [String] = [], seed: UInt64? = nil, training: String? = nil) throws(DrncError) {
    try self.init(ProgramRequest(path: file, training: training, overrides: set, seed: seed), text: nil)
  }

  /// Checks a text; paths in it are relative to the current folder.
  public init(text: String, set: [String] = [], seed: UInt64? = nil, training: String? = nil) throws(DrncError) {
    try self.init(ProgramRequest(path: "main.drn", training: training, overrides: set, seed: seed), text: Array(text.utf8))
  }

  private init(_ request: ProgramRequest, text: [UInt8]?) throws(DrncError) {
    let heard = Heard()
    switch Driver(console: heard.console).checked(request, text: text) {
    case .failure: throw DrncError(problems: heard.problems)
    case .success(let checked):
      self.checked = checked
      network = checked.program.network.name
      remarks = heard.problems
    }
  }

  /// The processors of this machine: the threads of a run unless it is given others.
  public static var processors: Int { Driver.processors }

  /// Trains, and writes the run folder that `drnc train` writes; `folder` is `runs/NETWORK-N` with the first free number unless given, and may not
  /// hold a run. `epochs` ends the run after so many, the schedule as it is; 0 writes the initial weights. `each` is called on this thread at the end of
  /// every epoch. Results do not depend on `threads`, from 1 to 1024.
  ///
  /// A run that diverges, runs out of memory or meets other data than the program says throws what `drnc train` would print.
  @discardableResult
  public func train(
    into folder: String? = nil, epochs: Int? = nil, threads: Int = Program.processors, each: @escaping (Epoch) -> Void = { _ in }
  ) throws(DrncError) -> Run {
    let (heard, observer) = (Heard(), EpochObserver(each))
    let trained = Driver(console: heard.console).train(
      checked, folder: folder, epochs: epochs.map { max(0, $0) }, threads: min(max(1, threads), 1024), observer: observer)
    switch trained {
    case .failure: throw DrncError(problems: heard.problems)
    case .success(let summary): return Run(summary)
    }
  }
}

/// What was reached in an epoch.
public struct Epoch: Sendable, Hashable {
  /// From 0.
  public let number: Int
  /// The mean loss over the epoch's steps; on validation, `nil` without a validation split.
  public let loss: Double
  public let validationLoss: Double?
  /// The share of right classes, from 0 to 1; `nil` of regression.
  public let accuracy: Double?
  public let validationAccuracy: Double?
  /// The learning rate of its last step.
  public let rate: Double

  init?(_ record: LogRecord) {
    func number(_ name: String) -> Double? { if case .number(let value) = record[name] { value } else { nil } }
    guard record.kind == "epoch", case .integer(let epoch) = record["epoch"] else { return nil }
    self.number = epoch
    (loss, rate) = (number("train_loss") ?? .nan, number("rate") ?? .nan)
    (accuracy, validationLoss, validationAccuracy) = (number("train_accuracy"), number("validation_loss"), number("validation_accuracy"))
  }
}

/// A training that has ended.
public struct Run: Sendable {
  /// Loss without smoothing and class weights, and the share of right classes, `nil` of regression.
  public struct Score: Sendable, Hashable {
    public let loss: Double
    public let accuracy: Double?
  }
  /// The run folder, from which `Model` reads.
  public let folder: String
  /// Updates that were made.
  public let steps: Int
  /// Of the weights that were saved; `nil` where the program has no such split.
  public let validation, test: Score?
  /// Numbers that a deployed copy needs.
  public let deployedParameters: Int

  init(_ summary: RunSummary) {
    (folder, steps, deployedParameters) = (summary.folder, summary.steps, summary.deployedParameters)
    validation = summary.validation.map { Score(loss: $0.loss, accuracy: $0.accuracy) }
    test = summary.test.map { Score(loss: $0.loss, accuracy: $0.accuracy) }
  }
}

/// Hands on the ends of epochs.
private final class EpochObserver: TrainingObserver {
  private let each: (Epoch) -> Void
  init(_ each: @escaping (Epoch) -> Void) { self.each = each }
  func started(_ description: RunDescription) {}
  func stepped(_ progress: StepProgress) {}
  func logged(_ record: LogRecord) { if let epoch = Epoch(record) { each(epoch) } }
}
