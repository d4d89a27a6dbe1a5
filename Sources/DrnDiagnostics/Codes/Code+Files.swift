extension Code {
  /// DRN0001: an imported file cannot be read.
  public static let importNotFound = Code(1, "import_not_found", .error, "An imported file cannot be read.")
  /// DRN0002: a file imports itself, directly or through others.
  public static let importCycle = Code(2, "import_cycle", .error, "A file imports itself, directly or through others.")
  /// DRN0003: an override names no setting of the program.
  public static let unknownOverride = Code(3, "unknown_override", .error, "An override names no setting of the program.")
  /// DRN0004: the value of an override is not a value of the language.
  public static let malformedOverride = Code(4, "malformed_override", .error, "The value of an override is not a value of the language.")

  /// Codes DRN0000 to DRN0099.
  static let files: [Code] = [
    .importNotFound, .importCycle, .unknownOverride, .malformedOverride,
  ]
}
