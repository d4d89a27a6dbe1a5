extension Code {
  /// Codes DRN0700 to DRN0799.
  static let training: [Code] = []
}
