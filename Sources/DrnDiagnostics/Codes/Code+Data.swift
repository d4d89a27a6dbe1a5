extension Code {
  /// Codes DRN0400 to DRN0499.
  static let data: [Code] = []
}
