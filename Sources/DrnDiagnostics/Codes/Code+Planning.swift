extension Code {
  /// Codes DRN0600 to DRN0699.
  static let planning: [Code] = [requirementFails, planTooLarge]

  /// A `require` the costs do not meet.
  public static let requirementFails = Code(601, "requirement-fails", "A requirement on the cost of the run is not met.")
  /// The memory plan does not fit in this machine.
  public static let planTooLarge = Code(602, "plan-too-large", "The memory a phase needs cannot be had.")
}
