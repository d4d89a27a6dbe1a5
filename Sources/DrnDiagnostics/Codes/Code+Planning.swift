extension Code {
  /// Codes DRN0600 to DRN0699.
  static let planning: [Code] = [requirementFails, planTooLarge, slowerThanDense]

  /// A `require` the costs do not meet.
  public static let requirementFails = Code(601, "requirement_fails", "A requirement on the cost of the run is not met.")
  /// The memory plan does not fit in this machine.
  public static let planTooLarge = Code(602, "plan_too_large", "The memory a phase needs cannot be had.")
  /// A factorized layer that a machine trains more slowly than the dense one.
  public static let slowerThanDense = Code(
    603, "slower_than_dense", .hint, "A factorized layer is predicted to be slower than the dense one on this machine.")
}
