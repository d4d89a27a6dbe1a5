extension Code {
  /// Codes DRN0000 to DRN0099.
  static let files: [Code] = []
}
