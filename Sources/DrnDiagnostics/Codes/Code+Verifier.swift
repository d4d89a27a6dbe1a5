extension Code {
  /// Codes DRN0900 to DRN0999.
  static let verifier: [Code] = [defect]

  public static let defect = Code(901, "defect", "drnc met a state that accepted source should never lead to.")
}
