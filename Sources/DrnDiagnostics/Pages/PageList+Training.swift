extension Page {
  /// The pages of codes DRN0700 to DRN0799.
  static let training: [Page] = []
}
