extension Code {
  /// Codes DRN0100 to DRN0199.
  static let syntax: [Code] = []
}
