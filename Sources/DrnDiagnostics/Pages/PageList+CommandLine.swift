extension Page {
  /// The pages of codes DRN0050 to DRN0099. They concern commands, so most have no program to show.
  static let commandLine: [Page] = [
    Page(
      .unreadableFile, meaning: "The path does not lead to a file drnc may read.",
      why: "A missing file is more often a mistyped path than an empty program; the message names the nearest .drn file beside it."),
    Page(
      .unwritableFile, meaning: "The file exists already, its folder does not allow writing, or the device is full.",
      why: "drnc writes beside the final name and renames, so nothing is left half-written; it never replaces a model it did not make."),
    Page(
      .badOverride, meaning: "An override is written `--set train.length=3epochs`: a path into the program, `=`, a value.",
      why: "Overrides are typed and checked like the source; one that cannot be read must not be dropped silently."),
    Page(
      .badShorten, meaning: "`--shorten 1/50` scales every time in the program by the quotient.",
      why: "A quotient is exact, so the shortened times are the same everywhere; the old and new times are printed."),
    Page(
      .badTime, meaning: "A duration is written `3 epochs` or `200 steps`, a moment `epoch 12` or `step 2500`.",
      why: "A bare number would be read as epochs by one person and as steps by the next."),
    Page(
      .noSuchPhase,
      meaning:
        "Phases are numbered from 0; `drnc check --schedule` lists them. A transition joins two adjacent phases, a moment lies before the end.",
      why: "Showing another phase than the one asked for would mislead."),
    Page(
      .nothingToTrain, meaning: "The command needs a `train` declaration; the file may be meant for `import`.",
      why: "A network without a training says nothing of data, length or schedule."),
    Page(
      .severalTrainings,
      meaning: "`train`, `dump-ir` and `benchmark` take one training, named after the file where it has several; `check` takes all.",
      why: "Taking the first of several without a word would train another than the one that was meant."),
    Page(
      .unknownCode, meaning: "Codes are written `DRN0301`; lints may be named.",
      why: "`drnc explain --list` prints every code."),
    Page(
      .unknownVocabulary, meaning: "`drnc methods` lists the whole vocabulary.",
      why: "The nearest word is suggested when there is one."),
    Page(
      .shortenedTooFar,
      meaning:
        "Every time is scaled, rounded down and at least 1. With too small a quotient two phases begin at one moment, or one begins after the end.",
      why: "The program itself is in order, so no line of it is reported. The help names the smallest quotient that the schedule fits into."
    ),
    Page(
      .moreProblems, meaning: "Of one check the first hundred problems are shown; the message counts the others.",
      why: "Where there are so many, most follow from one cause: a damaged file, or one that is no program."),
  ]
}
