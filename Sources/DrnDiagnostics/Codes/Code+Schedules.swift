extension Code {
  public static let rankTooSmall = Code(301, "rank_too_small", "A rank resolves to less than 1.", [.disagreement])
  public static let rankTooLarge = Code(302, "rank_too_large", "A rank is larger than the short side of its weight.", [.disagreement])
  public static let missingStart = Code(303, "missing_start", "A timeline says nothing about the start of training.", [.absence])
  public static let scheduleOrder = Code(304, "schedule_order", "The times of a timeline do not increase.")
  public static let pastTheEnd = Code(305, "past_the_end", "A time lies at or after the end of training.")
  public static let overlap = Code(306, "overlap", "Two entries of a timeline begin at the same moment.")
  public static let stateMissing = Code(
    308, "state_missing", "Nothing says what becomes of the optimizer state at a transition.", [.absence])
  public static let eventNeverFires = Code(310, "event_never_fires", "An event is due only after the end of training.")
  public static let eventWithoutEffect = Code(311, "event_without_effect", "An event has nothing to act on.")
  public static let notATime = Code(312, "not_a_time", "Something other than a time stands where one is needed.")
  public static let unknownOrder = Code(
    313, "unknown_order", .warning, "Epochs and steps cannot be ordered while the length of an epoch is unknown.")
  public static let undeterminedRank = Code(314, "undetermined_rank", "A rank refers to a rank that is not known there.")
  public static let zeroProduct = Code(315, "zero_product", "Both factors of a weight start at zero, so no gradient reaches either.")
  public static let decayMissing = Code(
    316, "decay_missing", "Nothing says what weight decay acts on while a weight is factorized.", [.absence])
  public static let malformedRequirement = Code(317, "malformed_requirement", "A requirement is not a comparison of a cost with a number.")
  public static let malformedCycle = Code(318, "malformed_cycle", "A cycle cannot be laid out in time.", [.absence])
  public static let formNeedsKernel = Code(319, "form_needs_kernel", "A form of convolutions is given to a linear layer.")
  public static let groupedForm = Code(320, "grouped_form", "A convolution in groups is given a form with a rank.")
  public static let nothingWatched = Code(
    321, "nothing_watched", "A rate or the end of a run follows the score on validation, and there is none.", [.disagreement])
  public static let testBeforeEnd = Code(322, "test_before_end", "A measurement of the test split stands before the end of training.")

  /// Codes DRN0300 to DRN0399.
  static let schedules: [Code] = [
    .rankTooSmall, .rankTooLarge, .missingStart, .scheduleOrder, .pastTheEnd, .overlap, .stateMissing,
    .eventNeverFires, .eventWithoutEffect, .notATime, .unknownOrder, .undeterminedRank, .zeroProduct, .decayMissing,
    .malformedRequirement, .malformedCycle, .formNeedsKernel, .groupedForm, .nothingWatched, .testBeforeEnd,
  ]
}
