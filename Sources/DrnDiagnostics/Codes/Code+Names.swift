extension Code {
  /// Codes DRN0200 to DRN0299.
  static let names: [Code] = []
}
