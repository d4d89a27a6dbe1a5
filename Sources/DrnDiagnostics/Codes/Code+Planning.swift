extension Code {
  /// Codes DRN0600 to DRN0699.
  static let planning: [Code] = []
}
