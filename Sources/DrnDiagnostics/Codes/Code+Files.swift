extension Code {
  public static let importNotFound = Code(1, "import_not_found", "An imported file cannot be read.")
  public static let importCycle = Code(2, "import_cycle", "A file imports itself, directly or through others.")
  public static let unknownOverride = Code(3, "unknown_override", "An override names no setting of the program.")
  public static let malformedOverride = Code(4, "malformed_override", "The value of an override is not a value of the language.")

  /// Codes DRN0000 to DRN0099.
  static let files: [Code] = [
    .importNotFound, .importCycle, .unknownOverride, .malformedOverride,
  ]
}
