extension Code {
  /// Codes DRN0500 to DRN0599.
  static let lints: [Code] = []
}
