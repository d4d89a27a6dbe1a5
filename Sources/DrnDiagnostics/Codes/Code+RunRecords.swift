/// What a run folder tells of its training.
extension Code {
  public static let runUnreadable = Code(
    830, "run_unreadable",
    summary: "The record of a run cannot be read.",
    meaning:
      "A folder given to `report`, `runs` or `graph` is not there, holds no `log.jsonl`, or one in which no line is a record of a run; of a run that no epoch of has ended yet the log is empty.",
    why:
      "What is shown of a run is what its log says. A line that is cut off or damaged is left out and named on the page; a log without one that can be read would give an empty page that looks like a run."
  )

  public static let portUnusable = Code(
    831, "port_unusable",
    summary: "The port for the page of a run cannot be had.",
    meaning: "Another process listens on the port given to `--live-port`, or this one may not.",
    why: "The training is not begun: whoever asked for its page would look at that of another run.")

  public static let sweepIncomplete = Code(
    832, "sweep_incomplete",
    summary: "Some runs of a sweep failed.",
    meaning:
      "Runs of `drnc sweep` diverged, could not be begun or ended before their last step; the others were run. The table names each with its reason, and its folder holds what it said in `messages.jsonl`.",
    why:
      "A table with rows missing must not look like a whole one. The same command tries again what failed for another reason than its numbers, and repeats nothing that is finished."
  )
}
