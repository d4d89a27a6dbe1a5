/// What is wrong with a command rather than with a program.
extension Code {
  public static let unreadableFile = Code(
    50, "unreadable_file",
    summary: "A file named on the command line cannot be read.",
    meaning: "The path does not lead to a file drnc may read.",
    why: "A missing file is more often a mistyped path than an empty program; the message names the nearest .drn file beside it.")

  public static let unwritableFile = Code(
    51, "unwritable_file",
    summary: "A file cannot be written.",
    meaning: "The file exists already, its folder does not allow writing, or the device is full.",
    why: "drnc writes beside the final name and renames, so nothing is left half-written; it never replaces a model it did not make.")

  public static let badOverride = Code(
    52, "bad_override",
    summary: "`--set` takes a name, an equals sign and a value.",
    meaning: "An override is written `--set train.length=3epochs`: a path into the program, `=`, a value.",
    why: "Overrides are typed and checked like the source; one that cannot be read must not be dropped silently.")

  public static let badShorten = Code(
    53, "bad_shorten",
    summary: "`--shorten` takes a quotient above 0 and at most 1.",
    meaning: "`--shorten 1/50` scales every time in the program by the quotient.",
    why: "A quotient is exact, so the shortened times are the same everywhere; the old and new times are printed.")

  public static let badTime = Code(
    54, "bad_time",
    summary: "A time on the command line has a number and a unit.",
    meaning: "A duration is written `3 epochs` or `200 steps`, a moment `epoch 12` or `step 2500`.",
    why: "A bare number would be read as epochs by one person and as steps by the next.")

  public static let noSuchPhase = Code(
    55, "no_such_phase",
    summary: "The program has no such phase or transition.",
    meaning:
      "Phases are numbered from 0; `drnc check --schedule` lists them. A transition joins two adjacent phases, a moment lies before the end.",
    why: "Showing another phase than the one asked for would mislead.")

  public static let nothingToTrain = Code(
    56, "nothing_to_train",
    summary: "The file has no `train` declaration.",
    meaning: "The command needs a `train` declaration; the file may be meant for `import`.",
    why: "A network without a training says nothing of data, length or schedule.")

  public static let unknownCode = Code(
    57, "unknown_code",
    summary: "There is no such diagnostic code.",
    meaning: "Codes are written `DRN0301`; lints may be named.",
    why: "`drnc explain --list` prints every code.")

  public static let unknownVocabulary = Code(
    58, "unknown_vocabulary",
    summary: "There is no such method.",
    meaning: "`drnc methods` lists the whole vocabulary.",
    why: "The nearest word is suggested when there is one.")

  public static let shortenedTooFar = Code(
    59, "shortened_too_far",
    summary: "`--shorten` leaves too little time for the schedule.",
    meaning:
      "Every time is scaled, rounded down and at least 1. With too small a quotient two phases begin at one moment, or one begins after the end.",
    why: "The program itself is in order, so no line of it is reported. The help names the smallest quotient that the schedule fits into.")

  public static let severalTrainings = Code(
    60, "several_trainings",
    summary: "The file has several trainings, and none of them is named, or one that it does not have.",
    meaning: "`train`, `dump-ir` and `benchmark` take one training, named after the file where it has several; `check` takes all.",
    why: "Taking the first of several without a word would train another than the one that was meant.")

  public static let moreProblems = Code(
    61, "more_problems",
    summary: "There are more problems than are shown.",
    meaning: "Of one check the first hundred problems are shown; the message counts the others.",
    why: "Where there are so many, most follow from one cause: a damaged file, or one that is no program.")

  public static let badSweep = Code(
    62, "bad_sweep",
    summary: "What `drnc sweep` was asked cannot be done.",
    meaning:
      "Values of `--set`, `--seeds`, `--random`, `--halving` or `--at` cannot be read or name more than there is, jobs and threads are more than the machine has, or the program comes from standard input, which every run would have to read.",
    why: "A sweep takes long: what is wrong with any of its runs is said before the first begins.")

  public static let dataNotUnderstood = Code(
    63, "data_not_understood",
    summary: "`drnc new --data` cannot tell what the data are, or read them.",
    meaning:
      "A table, a folder of images with a folder for each class, arrays, texts, recordings whose names say their classes, IDX and CIFAR files are known by their names and read as a run reads them. The message says what stands in the way.",
    why: "A program that is written for data it cannot be trained on would only move the error to the first run. Nothing is written.")
}
