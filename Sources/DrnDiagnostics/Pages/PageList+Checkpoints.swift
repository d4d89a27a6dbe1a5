extension Page {
  /// The pages of codes DRN0800 to DRN0899.
  static let checkpoints: [Page] = []
}
