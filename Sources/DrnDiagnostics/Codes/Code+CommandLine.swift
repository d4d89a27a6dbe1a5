extension Code {
  /// Codes DRN0050 to DRN0099: what is wrong with a command rather than with a program.
  static let commandLine: [Code] = [
    unreadableFile, unwritableFile, badOverride, badShorten, badTime, noSuchPhase, nothingToTrain, unknownCode, unknownVocabulary,
    shortenedTooFar, severalTrainings, moreProblems,
  ]

  public static let unreadableFile = Code(50, "unreadable_file", "A file named on the command line cannot be read.")
  public static let unwritableFile = Code(51, "unwritable_file", "A file cannot be written.")
  public static let badOverride = Code(52, "bad_override", "`--set` takes a name, an equals sign and a value.")
  public static let badShorten = Code(53, "bad_shorten", "`--shorten` takes a quotient above 0 and at most 1.")
  public static let badTime = Code(54, "bad_time", "A time on the command line has a number and a unit.")
  public static let noSuchPhase = Code(55, "no_such_phase", "The program has no such phase or transition.")
  public static let nothingToTrain = Code(56, "nothing_to_train", "The file has no `train` declaration.")
  public static let unknownCode = Code(57, "unknown_code", "There is no such diagnostic code.")
  public static let unknownVocabulary = Code(58, "unknown_vocabulary", "There is no such method.")
  public static let shortenedTooFar = Code(59, "shortened_too_far", "`--shorten` leaves too little time for the schedule.")
  public static let severalTrainings = Code(
    60, "several_trainings", "The file has several trainings, and none of them is named, or one that it does not have.")
  public static let moreProblems = Code(61, "more_problems", "There are more problems than are shown.")
}
