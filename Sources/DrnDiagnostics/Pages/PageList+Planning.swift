extension Page {
  /// The pages of codes DRN0600 to DRN0699.
  static let planning: [Page] = []
}
