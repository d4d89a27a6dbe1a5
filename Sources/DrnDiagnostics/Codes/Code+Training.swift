/// What happens while training. The programs it concerns pass the checker.
extension Code {
  public static let diverged = Code(
    701, "diverged",
    summary: "Training stopped because the loss or a weight is no longer a finite number.",
    meaning:
      "The loss of a batch, of the validation or of the test split, a weight or its optimizer state is infinite or not a number; no later "
      + "step can repair that. The log up to that step is kept, with a last record `diverged`; no weights and no summary are written.",
    why: "Training on would spend hours on a network that is lost. Lower the rate, clip gradients, or rewarm after the transition.")

  public static let truncationError = Code(
    702, "truncation_error",
    summary: "A truncation lost more of a weight than its `error:` allows.",
    meaning:
      "A transition declared `error: 5%` would have changed a weight by more, in the Frobenius norm relative to the weight. The weights of before it are in the run folder, and a checkpoint from which `--resume` goes on, with another `error:` too.",
    why: "The bound is the author's statement of what the schedule may lose; passing it silently would run another experiment.")

  public static let interrupted = Code(
    703, "interrupted", severity: .warning,
    summary: "Training was interrupted and stopped cleanly.",
    meaning: "SIGINT, SIGTERM or SIGHUP arrived; training stopped after the current step and wrote its weights and a checkpoint.",
    why: "The exit status is 130 or 143, so that scripts notice.")

  public static let outputExists = Code(
    704, "output_exists",
    summary: "The run folder already holds a run, or files that it would replace.",
    meaning: "The folder given with --output holds another run, or a file or folder of a name that a run writes, such as `config.txt`.",
    why: "Results are never overwritten, nor is anything that drnc did not write.")

  public static let outputUnwritable = Code(
    705, "output_unwritable",
    summary: "A file of the run cannot be written.",
    meaning: "A file of the run folder cannot be written: no space, or no permission.",
    why: "A run whose log is lost cannot be told from one that never happened.")

  public static let dataUnusable = Code(
    706, "data_unusable",
    summary: "The data cannot be read, or does not fit the program.",
    meaning: "A data file is missing, truncated, corrupt, or holds other shapes or classes than declared.",
    why: "Training on data other than what the source says would answer another question.")

  public static let runInUse = Code(
    707, "run_in_use",
    summary: "Another process is training in the run folder.",
    meaning:
      "The folder given with --resume or --output belongs to a run that is under way. Its process holds a lock on the file `run.lock` in it, which goes when that process ends, however it ends.",
    why: "Two processes writing one log would leave every epoch twice and checkpoints of neither.")
}
