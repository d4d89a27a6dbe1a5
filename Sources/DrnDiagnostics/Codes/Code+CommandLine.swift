extension Code {
  /// Codes DRN0050 to DRN0099: what is wrong with a command rather than with a program.
  static let commandLine: [Code] = [
    unreadableFile, unwritableFile, badOverride, badShorten, badTime, noSuchPhase, nothingToTrain, unknownCode, unknownVocabulary,
    shortenedTooFar, severalTrainings, moreProblems,
  ]

  /// A file named on the command line cannot be read.
  public static let unreadableFile = Code(50, "unreadable_file", "A file named on the command line cannot be read.")
  /// A file cannot be written.
  public static let unwritableFile = Code(51, "unwritable_file", "A file cannot be written.")
  /// `--set` without a name and a value.
  public static let badOverride = Code(52, "bad_override", "`--set` takes a name, an equals sign and a value.")
  /// `--shorten` without a quotient.
  public static let badShorten = Code(53, "bad_shorten", "`--shorten` takes a quotient above 0 and at most 1.")
  /// A time on the command line that is none.
  public static let badTime = Code(54, "bad_time", "A time on the command line has a number and a unit.")
  /// A phase or transition the program does not have.
  public static let noSuchPhase = Code(55, "no_such_phase", "The program has no such phase or transition.")
  /// A file without a `train` declaration where one is needed.
  public static let nothingToTrain = Code(56, "nothing_to_train", "The file has no `train` declaration.")
  /// `drnc explain` of a code that does not exist.
  public static let unknownCode = Code(57, "unknown_code", "There is no such diagnostic code.")
  /// `drnc methods` of a word that is not in the vocabulary.
  public static let unknownVocabulary = Code(58, "unknown_vocabulary", "There is no such method.")
  /// `--shorten` by so much that the schedule does not fit.
  public static let shortenedTooFar = Code(59, "shortened_too_far", "`--shorten` leaves too little time for the schedule.")
  /// The file has more than one training, and the command takes one.
  public static let severalTrainings = Code(
    60, "several_trainings", "The file has several trainings, and none of them is named, or one that it does not have.")
  /// More problems than are shown.
  public static let moreProblems = Code(61, "more_problems", "There are more problems than are shown.")
}
