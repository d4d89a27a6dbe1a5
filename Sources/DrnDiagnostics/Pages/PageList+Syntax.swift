extension Page {
  /// The pages of codes DRN0100 to DRN0199.
  static let syntax: [Page] = syntaxOfTokens + syntaxOfForms
}
