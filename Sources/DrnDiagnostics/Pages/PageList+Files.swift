extension Page {
  /// The pages of codes DRN0000 to DRN0099.
  static let files: [Page] = [
    Page(
      .importNotFound,
      meaning: "An `import` names a file that cannot be read.",
      failing: Example(head: "import \"comon.drn\" "),
      corrected: Example(),
      why: "A missing file would silently leave out blocks."),
    Page(
      .importCycle,
      meaning: "A file imports itself, directly or through the files it imports.",
      failing: Example(head: "import \"main.drn\" "),
      corrected: Example(),
      why: "There is no order in which such files could be read."),
    Page(
      .unknownOverride,
      meaning: "A `--set` on the command line names no setting of `train` or `data`.",
      failing: Example(head: "// with --set train.lenght=3epochs"),
      corrected: Example(head: "// with --set train.length=3epochs"),
      why: "A misspelt override would run the wrong experiment."),
    Page(
      .malformedOverride,
      meaning: "The value of a `--set` cannot be read as a value of the language.",
      failing: Example(head: "// with --set train.rate=cosine("),
      corrected: Example(head: "// with --set train.rate=cosine(0.1)"),
      why: "What is overridden is checked like what is written."),
  ]
}
