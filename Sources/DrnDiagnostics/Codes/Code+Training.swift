extension Code {
  /// Codes DRN0700 to DRN0799.
  static let training: [Code] = [
    diverged, truncationError, interrupted, outputExists, outputUnwritable, dataUnusable, runInUse,
  ]

  /// The loss or a weight is no longer a number.
  public static let diverged = Code(701, "diverged", "Training stopped because the loss or a weight is no longer a finite number.")
  /// A truncation lost more than the source allows.
  public static let truncationError = Code(702, "truncation_error", "A truncation lost more of a weight than its `error:` allows.")
  /// Stopped by a signal.
  public static let interrupted = Code(703, "interrupted", .warning, "Training was interrupted and stopped cleanly.")
  /// The run folder holds a run already, or other files.
  public static let outputExists = Code(704, "output_exists", "The run folder already holds a run, or files that it would replace.")
  /// A file of the run cannot be written.
  public static let outputUnwritable = Code(705, "output_unwritable", "A file of the run cannot be written.")
  /// The data cannot be read or does not fit the program.
  public static let dataUnusable = Code(706, "data_unusable", "The data cannot be read, or does not fit the program.")
  /// Another process trains in the run folder.
  public static let runInUse = Code(707, "run_in_use", "Another process is training in the run folder.")
}
