extension Code {
  /// Codes DRN0300 to DRN0399.
  static let schedules: [Code] = []
}
