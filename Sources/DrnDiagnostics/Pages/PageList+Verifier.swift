extension Page {
  /// The pages of codes DRN0900 to DRN0999.
  static let verifier: [Page] = []
}
