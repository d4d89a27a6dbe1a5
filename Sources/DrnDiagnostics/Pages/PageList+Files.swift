extension Page {
  /// The pages of codes DRN0000 to DRN0099.
  static let files: [Page] = []
}
