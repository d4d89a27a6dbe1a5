/// Doubtful forms and ranks.
extension Code {
  public static let rankSavesNothing = Code(
    501, "rank_saves_nothing", severity: .warning, traits: [.lint],
    summary: "A factorized weight has at least as many parameters as the dense one.",
    meaning: "At this rank the factors hold as many values as the dense weight, or more.",
    failing: .fc1("from epoch 0: factored(rank: 208)"),
    corrected: .fc1("from epoch 0: factored(rank: 192)"),
    why: "A factorized weight that is larger than the dense one costs more and can do less.")

  public static let rankUnaligned = Code(
    502, "rank_unaligned", severity: .hint, traits: [.lint],
    summary: "A rank is not a multiple of the width of the vector units.",
    meaning: "A rank is not a multiple of 16, the width of the vector units.",
    failing: .fc1("from epoch 0: factored(rank: 60)"),
    corrected: .fc1("from epoch 0: factored(rank: 64)"),
    why: "The next multiple usually takes the same time.")

  public static let headRankBelowClasses = Code(
    503, "head_rank_below_classes", severity: .warning, traits: [.lint],
    summary: "The last weight has a rank below the number of classes.",
    meaning: "The last weight of the network has a smaller rank than there are classes.",
    failing: Example(
      train: """
        weights fc2 {
          from epoch 0: factored(rank: 8)
        }
        """
    ),
    corrected: Example(
      train: """
        weights fc2 {
          from epoch 0: dense
        }
        """
    ),
    why: "The outputs then lie in a space too small to set every class apart.")

  public static let deployedForm = Code(
    511, "deployed_form", severity: .warning, traits: [.lint],
    summary: "Training ends in a form that is deployed as a dense weight.",
    meaning: "Training ends in an adapter or a core with frozen bases.",
    failing: .fc1("from epoch 0: dense", "from epoch 10: adapter(rank: 16)", train: "state: carry"),
    corrected: .fc1(
      "from epoch 0: dense", "from epoch 10: adapter(rank: 16)", "from epoch 20: factored(rank: 64) by svd(error: 50%)",
      train: "state: carry"),
    why: "What is deployed is then not what was trained: an adapter is merged into a dense weight.")

  public static let adapterScale = Code(
    513, "adapter_scale", severity: .warning, traits: [.lint],
    summary: "The scale of an adapter is far from 1.",
    meaning: "The scale alpha / rank of an adapter is far from 1.",
    failing: .fc1("from epoch 0: dense", "from epoch 10: adapter(rank: 64, alpha: 1)", train: "state: carry\nallow: [deployed_form]"),
    corrected: .fc1("from epoch 0: dense", "from epoch 10: adapter(rank: 64, alpha: 64)", train: "state: carry\nallow: [deployed_form]"),
    why: "The first steps move the weight by the square of the scale, so training freezes or blows up.")

  public static let departsFromSource = Code(
    516, "departs_from_source", severity: .hint, traits: [.lint],
    summary: "A form computes a convolution otherwise than the publication it is taken from.",
    meaning: "A form computes this convolution otherwise than the publication it is taken from.",
    failing: .conv2(options: ", stride: 2", "from epoch 0: cp(rank: 16)"),
    corrected: .conv2("from epoch 0: cp(rank: 16)"),
    why: """
      The code of arXiv 2508.08625 puts the stride of `cp` on the last 1 x 1 factor, so that no dense weight computes the same function. Here \
      it lies on the 1 x k and k x 1 factors, and making the weight dense is exact.
      """)

  public static let productVariance = Code(
    517, "product_variance", severity: .warning, traits: [.lint],
    summary: "A product of factors starts far from the variance of the dense initialization.",
    meaning: "Factors drawn each for itself have a product whose variance is more than 8 times off that of the dense initialization.",
    failing: .fc1("from epoch 0: factored(rank: 2, initial: glorot_each)", train: "allow: [rank_unaligned]"),
    corrected: .fc1("from epoch 0: factored(rank: 2, initial: glorot_product)", train: "allow: [rank_unaligned]"),
    why: "A signal that shrinks in every layer is lost in a deep network; a published schedule that does so keeps it with `allow`.")

  public static let wideBasis = Code(
    518, "wide_basis", severity: .warning, traits: [.lint],
    summary: "A basis has more columns than the space they lie in has dimensions.",
    meaning: "The rank of `tucker` is above the number of channels that one of its bases mixes.",
    failing: .conv2("from epoch 0: tucker(rank: 20)"),
    corrected: .conv2("from epoch 0: tucker(rank: 16)"),
    why: "16 channels have no more than 16 directions: further columns of the basis are combinations of the others, and cost as much.")

  public static let fixedAtZero = Code(
    524, "fixed_at_zero", severity: .warning, traits: [.lint],
    summary: "Weights are zero in a form in which a zero has no gradient.",
    meaning: "Weights that are zero begin in a form of powers: all of them with `initial: zeros`, those outside a mask after `sparse`.",
    failing: .fc1("from epoch 0: power(2)", train: "initial: zeros"),
    corrected: .fc1("from epoch 0: power(2)", train: "initial: he"),
    why: "The derivative of theta |theta|^(a - 1) is zero at zero, so no gradient ever moves such an entry.")
}
