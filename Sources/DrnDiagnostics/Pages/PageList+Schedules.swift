extension Page {
  /// The pages of codes DRN0300 to DRN0399.
  static let schedules: [Page] = []
}
