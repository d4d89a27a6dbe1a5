extension Code {
  /// Codes DRN0600 to DRN0699.
  static let planning: [Code] = [requirementFails, planTooLarge, slowerThanDense]

  public static let requirementFails = Code(601, "requirement_fails", "A requirement on the cost of the run is not met.")
  public static let planTooLarge = Code(602, "plan_too_large", "The memory a phase needs cannot be had.")
  public static let slowerThanDense = Code(
    603, "slower_than_dense", .hint, "A factorized layer is predicted to be slower than the dense one on this machine.",
    [.lint, .needsPrices])
}
