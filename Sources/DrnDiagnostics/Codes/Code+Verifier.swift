extension Code {
  /// Codes DRN0900 to DRN0999.
  static let verifier: [Code] = []
}
