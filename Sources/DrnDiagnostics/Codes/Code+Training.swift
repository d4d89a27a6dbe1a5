extension Code {
  /// Codes DRN0700 to DRN0799.
  static let training: [Code] = [
    diverged, truncationError, interrupted, outputExists, outputUnwritable, dataUnusable, runInUse,
  ]

  public static let diverged = Code(701, "diverged", "Training stopped because the loss or a weight is no longer a finite number.")
  public static let truncationError = Code(702, "truncation_error", "A truncation lost more of a weight than its `error:` allows.")
  public static let interrupted = Code(703, "interrupted", .warning, "Training was interrupted and stopped cleanly.")
  public static let outputExists = Code(704, "output_exists", "The run folder already holds a run, or files that it would replace.")
  public static let outputUnwritable = Code(705, "output_unwritable", "A file of the run cannot be written.")
  public static let dataUnusable = Code(706, "data_unusable", "The data cannot be read, or does not fit the program.")
  public static let runInUse = Code(707, "run_in_use", "Another process is training in the run folder.")
}
