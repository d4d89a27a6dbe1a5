import DrnData
import DrnProgram
import DrnSource

/// Why training could not start or go on. The driver turns it into a diagnostic with the code of its kind.
public struct TrainError: Error, Sendable, Hashable {
  /// What went wrong, on which the code of the diagnostic depends.
  public enum Kind: Hashable, Sendable {
    /// The data cannot be read, or does not fit the program.
    case data
    /// What is wrong with data files that are there, where it is more than that.
    case files(DataProblem)
    /// The output folder holds a run already, or files that one would replace.
    case outputExists
    /// Another process trains in the folder.
    case inUse
    /// A file or folder cannot be written.
    case unwritable
    /// The loss or a weight is no longer a number.
    case diverged
    /// A truncation lost more than the source allows.
    case truncation
    /// The file named by `weights_from` cannot be read or does not fit.
    case weights
    /// There is no checkpoint to go on from.
    case checkpointMissing
    /// A checkpoint cannot be read, or the log it belongs to is not there.
    case checkpointDamaged
    /// A checkpoint was made by another program, seed or data set.
    case checkpointDiffers
    /// The folder of a run lacks what a trained network is used by, or holds something else.
    case runUnusable
    /// An input or a run folder is not there.
    case inputMissing
    /// An input is none that the network takes.
    case inputUnfit
    /// A file of tensors cannot be read.
    case tensorFile
    /// The plan does not fit in memory.
    case memory
    /// What is to run the steps is not there.
    case engineMissing
    /// It is there in a version that is not known to work.
    case engineVersion
    /// It has too little memory.
    case engineMemory
    /// It ended, or reported an error.
    case engineFailed
    /// A step has an operation that it is not told.
    case engineUnable
    /// The processor does not multiply as the program asks for.
    case precisionUnavailable
    /// A checkpoint was made by another engine.
    case engineDiffers
    /// A defect of drnc.
    case defect
  }
  /// What went wrong.
  public let kind: Kind
  /// One sentence, beginning small and without a stop.
  public let message: String
  /// What to do about it.
  public let help: String?
  /// The place in the source that it concerns; `nil` where none does.
  public let span: Span?
  /// Facts beside the message, a sentence each.
  public let notes: [String]
  public init(_ kind: Kind, _ message: String, help: String? = nil, span: Span? = nil, notes: [String] = []) {
    self.kind = kind
    self.message = message
    self.help = help
    self.span = span
    self.notes = notes
  }

  /// What reading data files found, reported at `span`.
  package init(reading error: DataError, span: Span?) {
    let problem = DataProblem(error.kind)
    self.init(problem == .unreadable ? .data : .files(problem), error.sentence, help: error.help, span: span)
  }
}
