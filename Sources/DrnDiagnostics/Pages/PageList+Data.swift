extension Page {
  /// The pages of codes DRN0400 to DRN0499.
  static let data: [Page] = []
}
