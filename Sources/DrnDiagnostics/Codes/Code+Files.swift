/// Imported files, and overrides of settings.
extension Code {
  public static let importNotFound = Code(
    1, "import_not_found",
    summary: "An imported file cannot be read.",
    meaning: "An `import` names a file that cannot be read.",
    failing: Example(head: "import \"comon.drn\" "),
    corrected: Example(),
    why: "A missing file would silently leave out blocks.")

  public static let importCycle = Code(
    2, "import_cycle",
    summary: "A file imports itself, directly or through others.",
    meaning: "A file imports itself, directly or through the files it imports.",
    failing: Example(head: "import \"main.drn\" "),
    corrected: Example(),
    why: "There is no order in which such files could be read.")

  public static let unknownOverride = Code(
    3, "unknown_override",
    summary: "An override names no setting of the program.",
    meaning: "A `--set` on the command line names no setting of `train` or `data`.",
    failing: Example(head: "// with --set train.lenght=3epochs"),
    corrected: Example(head: "// with --set train.length=3epochs"),
    why: "A misspelt override would run the wrong experiment.")

  public static let malformedOverride = Code(
    4, "malformed_override",
    summary: "The value of an override is not a value of the language.",
    meaning: "The value of a `--set` cannot be read as a value of the language.",
    failing: Example(head: "// with --set train.rate=cosine("),
    corrected: Example(head: "// with --set train.rate=cosine(0.1)"),
    why: "What is overridden is checked like what is written.")
}
