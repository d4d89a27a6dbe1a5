import DrnDiagnostics

/// The exit codes of drnc.
public enum ExitStatus: Int32, Error, Sendable, CaseIterable {
  case success = 0
  /// The program has errors, or a check such as `fmt --check` failed.
  case failure = 1
  /// Training stopped because numbers left their range: divergence, or a truncation past its bound.
  case numeric = 2
  /// The command line cannot be understood; the argument parser uses the same number.
  case usage = 64
  /// Data or a weights file cannot be read or does not fit.
  case badData = 65
  /// An input file is missing.
  case noInput = 66
  /// What is to run the steps is not there.
  case unavailable = 69
  /// A defect of drnc.
  case defect = 70
  /// Output cannot be written.
  case cannotWrite = 73
  /// What ran the steps ended; the run goes on from its last checkpoint.
  case tryAgain = 75
  /// Interrupted after a clean stop.
  case interrupted = 130
  /// Ended by SIGTERM or SIGHUP after a clean stop.
  case terminated = 143
}

extension ExitStatus {
  /// In words, as the manual page has it.
  var meaning: String {
    switch self {
    case .success: "success"
    case .failure: "the program has errors"
    case .numeric: "training stopped because numbers left their range"
    case .usage: "usage"
    case .badData: "data that does not fit"
    case .noInput: "no such file"
    case .defect: "a defect of drnc"
    case .unavailable: "no engine"
    case .cannotWrite: "cannot write"
    case .tryAgain: "an engine that ended"
    case .interrupted: "interrupted"
    case .terminated: "terminated after a clean stop"
    }
  }

  /// How a command ends over the errors of a program: `badData` where every one of them is about what the files hold.
  init(errors: [Diagnostic]) {
    self = errors.allSatisfy { $0.code.traits.contains(.ofFiles) } ? .badData : .failure
  }
}
