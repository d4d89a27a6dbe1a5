extension Code {
  public static let rankSavesNothing = Code(
    501, "rank_saves_nothing", .warning, "A factorized weight has at least as many parameters as the dense one.", [.lint])
  public static let rankUnaligned = Code(
    502, "rank_unaligned", .hint, "A rank is not a multiple of the width of the vector units.", [.lint])
  public static let headRankBelowClasses = Code(
    503, "head_rank_below_classes", .warning, "The last weight has a rank below the number of classes.", [.lint])
  public static let coldOptimizer = Code(
    504, "cold_optimizer", .warning, "Training goes on at full rate with an optimizer state that was just reset.", [.lint])
  public static let missesHighNoise = Code(
    505, "misses_high_noise", .warning, "No full-rank phase lies before the first drop of the learning rate.", [.lint])
  public static let missesLowNoise = Code(
    506, "misses_low_noise", .warning, "No full-rank phase lies after the first drop of the learning rate.", [.lint])
  public static let misalignedTransition = Code(
    507, "misaligned_transition", .warning, "A transition misses a jump of the learning rate by one epoch, or by a few steps.", [.lint])
  public static let unnamedLayer = Code(508, "unnamed_layer", .hint, "A layer with weights has no name of its own.", [.lint])
  public static let unusedBinding = Code(509, "unused_binding", .warning, "A `let` is never used.", [.lint])
  public static let unusedDeclaration = Code(
    510, "unused_declaration", .warning, "A declaration is never used, so its body is not checked.", [.lint])
  public static let deployedForm = Code(
    511, "deployed_form", .warning, "Training ends in a form that is deployed as a dense weight.", [.lint])
  public static let unboundedTruncation = Code(
    512, "unbounded_truncation", .hint, "A truncation states no error that it must stay within.", [.lint])
  public static let adapterScale = Code(513, "adapter_scale", .warning, "The scale of an adapter is far from 1.", [.lint])
  public static let dataAbsent = Code(514, "data_absent", .hint, "Data files are absent, so what they hold is not checked.", [.lint])
  public static let unchangedForm = Code(515, "unchanged_form", .warning, "A transition leads to the form the weight already has.", [.lint])
  public static let departsFromSource = Code(
    516, "departs_from_source", .hint, "A form computes a convolution otherwise than the publication it is taken from.", [.lint])
  public static let productVariance = Code(
    517, "product_variance", .warning, "A product of factors starts far from the variance of the dense initialization.", [.lint])
  public static let wideBasis = Code(
    518, "wide_basis", .warning, "A basis has more columns than the space they lie in has dimensions.", [.lint])
  public static let endlessWarmup = Code(
    519, "endless_warmup", .warning, "A warm-up lasts as long as what it leads into, or longer.", [.lint])
  public static let unknownLint = Code(520, "unknown_lint", "A lint is allowed that does not exist.")
  public static let unusedAllow = Code(521, "unused_allow", .warning, "A lint is allowed that does not occur.", [.lint])

  public static let pointlessValue = Code(
    522, "pointless_value", .warning, "A setting or option has a value that leaves nothing of what it is for.", [.lint])
  public static let frozenForm = Code(523, "frozen_form", .warning, "Weights that are not trained change their form.", [.lint])
  public static let fixedAtZero = Code(
    524, "fixed_at_zero", .warning, "Weights are zero in a form in which a zero has no gradient.", [.lint])

  /// Codes DRN0500 to DRN0599.
  static let lints: [Code] = [
    .rankSavesNothing, .rankUnaligned, .headRankBelowClasses, .coldOptimizer, .missesHighNoise, .missesLowNoise, .misalignedTransition,
    .unnamedLayer, .unusedBinding, .unusedDeclaration, .deployedForm, .unboundedTruncation, .adapterScale, .dataAbsent, .unchangedForm,
    .departsFromSource, .productVariance, .wideBasis, .endlessWarmup, .unknownLint, .unusedAllow, .pointlessValue,
    .frozenForm, .fixedAtZero,
  ]
}
