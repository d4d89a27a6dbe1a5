extension Page {
  /// The pages of codes DRN0700 to DRN0799. They arise while training, so the programs they concern pass the checker.
  static let training: [Page] = [
    Page(
      .diverged,
      meaning:
        "The loss of a batch, of the validation or of the test split, a weight or its optimizer state is infinite or not a number; no later "
        + "step can repair that. The log up to that step is kept, with a last record `diverged`; no weights and no summary are written.",
      why: "Training on would spend hours on a network that is lost. Lower the rate, clip gradients, or rewarm after the transition."),
    Page(
      .truncationError,
      meaning:
        "A transition declared `error: 5%` would have changed a weight by more, in the Frobenius norm relative to the weight. The weights of before it are in the run folder, and a checkpoint from which `--resume` goes on, with another `error:` too.",
      why: "The bound is the author's statement of what the schedule may lose; passing it silently would run another experiment."),
    Page(
      .interrupted, meaning: "SIGINT or SIGTERM arrived; training stopped after the current step and wrote its weights and a checkpoint.",
      why: "The exit status is 130 or 143, so that scripts notice."),
    Page(
      .outputExists,
      meaning: "The folder given with --output holds another run, or a file or folder of a name that a run writes, such as `config.txt`.",
      why: "Results are never overwritten, nor is anything that drnc did not write."),
    Page(
      .outputUnwritable, meaning: "A file of the run folder cannot be written: no space, or no permission.",
      why: "A run whose log is lost cannot be told from one that never happened."),
    Page(
      .dataUnusable, meaning: "A data file is missing, truncated, corrupt, or holds other shapes or classes than declared.",
      why: "Training on data other than what the source says would answer another question."),
    Page(
      .runInUse,
      meaning:
        "The folder given with --resume or --output belongs to a run that is under way. Its process holds a lock on the file `run.lock` in it, which goes when that process ends, however it ends.",
      why: "Two processes writing one log would leave every epoch twice and checkpoints of neither."),
  ]
}
