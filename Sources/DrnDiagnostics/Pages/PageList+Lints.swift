extension Page {
  /// The pages of codes DRN0500 to DRN0599.
  static let lints: [Page] = []
}
