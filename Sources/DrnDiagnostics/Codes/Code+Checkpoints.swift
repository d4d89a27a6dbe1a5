extension Code {
  /// Codes DRN0800 to DRN0899.
  static let checkpoints: [Code] = []
}
