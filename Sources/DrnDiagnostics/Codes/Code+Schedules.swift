extension Code {
  /// DRN0301: a rank resolves to less than 1.
  public static let rankTooSmall = Code(301, "rank_too_small", .error, "A rank resolves to less than 1.")
  /// DRN0302: a rank is larger than the short side of its weight.
  public static let rankTooLarge = Code(302, "rank_too_large", .error, "A rank is larger than the short side of its weight.")
  /// DRN0303: a timeline says nothing about the start of training.
  public static let missingStart = Code(303, "missing_start", .error, "A timeline says nothing about the start of training.")
  /// DRN0304: the times of a timeline do not increase.
  public static let scheduleOrder = Code(304, "schedule_order", .error, "The times of a timeline do not increase.")
  /// DRN0305: a time lies at or after the end of training.
  public static let pastTheEnd = Code(305, "past_the_end", .error, "A time lies at or after the end of training.")
  /// DRN0306: two entries of a timeline begin at the same moment.
  public static let overlap = Code(306, "overlap", .error, "Two entries of a timeline begin at the same moment.")
  /// DRN0308: nothing says what becomes of the optimizer state at a transition.
  public static let stateMissing = Code(308, "state_missing", .error, "Nothing says what becomes of the optimizer state at a transition.")
  /// DRN0310: an event is due only after the end of training.
  public static let eventNeverFires = Code(310, "event_never_fires", .error, "An event is due only after the end of training.")
  /// DRN0311: a rank event concerns weights that never have a rank.
  public static let eventWithoutEffect = Code(311, "event_without_effect", .error, "A rank event concerns weights that never have a rank.")
  /// DRN0312: something other than a time stands where one is needed.
  public static let notATime = Code(312, "not_a_time", .error, "Something other than a time stands where one is needed.")
  /// DRN0313: epochs and steps cannot be ordered while the length of an epoch is unknown.
  public static let unknownOrder = Code(
    313, "unknown_order", .warning, "Epochs and steps cannot be ordered while the length of an epoch is unknown.")
  /// DRN0314: a rank refers to a rank that is not known there.
  public static let undeterminedRank = Code(314, "undetermined_rank", .error, "A rank refers to a rank that is not known there.")
  /// DRN0315: both factors of a weight start at zero, so no gradient reaches either.
  public static let zeroProduct = Code(
    315, "zero_product", .error, "Both factors of a weight start at zero, so no gradient reaches either.")
  /// DRN0316: nothing says what weight decay acts on while a weight is factorized.
  public static let decayMissing = Code(
    316, "decay_missing", .error, "Nothing says what weight decay acts on while a weight is factorized.")
  /// DRN0317: a requirement is not a comparison of a cost with a number.
  public static let malformedRequirement = Code(
    317, "malformed_requirement", .error, "A requirement is not a comparison of a cost with a number.")
  /// DRN0318: a cycle cannot be laid out in time.
  public static let malformedCycle = Code(318, "malformed_cycle", .error, "A cycle cannot be laid out in time.")
  /// DRN0319: a form of convolutions is given to a linear layer.
  public static let formNeedsKernel = Code(319, "form_needs_kernel", .error, "A form of convolutions is given to a linear layer.")
  /// DRN0320: a convolution in groups is given a form with a rank.
  public static let groupedForm = Code(320, "grouped_form", .error, "A convolution in groups is given a form with a rank.")

  /// Codes DRN0300 to DRN0399.
  static let schedules: [Code] = [
    .rankTooSmall, .rankTooLarge, .missingStart, .scheduleOrder, .pastTheEnd, .overlap, .stateMissing,
    .eventNeverFires, .eventWithoutEffect, .notATime, .unknownOrder, .undeterminedRank, .zeroProduct, .decayMissing,
    .malformedRequirement, .malformedCycle, .formNeedsKernel, .groupedForm,
  ]
}
