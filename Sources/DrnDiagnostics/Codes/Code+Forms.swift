/// Ranks and the forms that have them.
extension Code {
  public static let rankTooSmall = Code(
    301, "rank_too_small", traits: [.disagreement],
    summary: "A rank resolves to less than 1.",
    meaning: "A rank resolves to a number below 1, or a budget does not hold rank 1 of every weight it is for.",
    failing: .fc1("from epoch 0: factored(rank: 1/500 of outputs)"),
    corrected: .fc1("from epoch 0: factored(rank: 1/4 of outputs)"),
    why: "A weight of rank 0 is zero and learns nothing.")

  public static let rankTooLarge = Code(
    302, "rank_too_large", traits: [.disagreement],
    summary: "A rank is larger than the short side of its weight.",
    meaning: "A rank is larger than the short side of the weight.",
    failing: .fc1("from epoch 0: factored(rank: 300)"),
    corrected: .fc1("from epoch 0: factored(rank: 128)"),
    why: "No matrix has a larger rank than its short side.")

  public static let undeterminedRank = Code(
    314, "undetermined_rank",
    summary: "A rank refers to a rank that is not known there.",
    meaning:
      "A rank refers to a rank that is not known there: `current` without one before, or a share of singular values before training.",
    failing: .fc1("from epoch 0: factored(rank: current)"),
    corrected: .fc1("from epoch 0: factored(rank: 64)"),
    why: "There is nothing to take the number from.")

  public static let zeroProduct = Code(
    315, "zero_product",
    summary: "Both factors of a weight start at zero, so no gradient reaches either.",
    meaning: "Every factor of a weight starts at zero.",
    failing: .fc1("from epoch 0: factored(rank: 64, initial: svd)", train: "initial: zeros"),
    corrected: .fc1("from epoch 0: factored(rank: 64)", train: "initial: zeros"),
    why: "The gradient of each factor is a product with the other, so all stay at zero for ever.")

  public static let decayMissing = Code(
    316, "decay_missing", traits: [.absence],
    summary: "Nothing says what weight decay acts on while a weight is factorized.",
    meaning: "There is weight decay and a weight with factors, but nothing says what the decay acts on.",
    failing: .fc1("from epoch 0: factored(rank: 64)", train: "weight_decay: 1e-4"),
    corrected: .fc1("from epoch 0: factored(rank: 64)", train: "weight_decay: 1e-4\ndecay: product"),
    why: "Decay of each factor is a nuclear-norm penalty on their product and lowers its rank by itself.")

  public static let formNeedsKernel = Code(
    319, "form_needs_kernel",
    summary: "A form of convolutions is given to a linear layer.",
    meaning: "A form that splits the kernel of a convolution is given to a linear layer.",
    failing: Example(train: "weights fc1 {\n  from epoch 0: tucker(rank: 64)\n}"),
    corrected: Example(train: "weights fc1 {\n  from epoch 0: factored(rank: 64)\n}"),
    why: "A linear layer has no kernel; `factored` is what `tucker` without one would be.")

  public static let groupedForm = Code(
    320, "grouped_form",
    summary: "A convolution in groups is given a form of a single matrix.",
    meaning: "A convolution in groups is given a form of a single matrix, as every form with a rank is.",
    failing: .conv2(options: ", groups: 4", "from epoch 0: factored(rank: 16)"),
    corrected: .conv2("from epoch 0: factored(rank: 16)"),
    why: "Each group has a small matrix of its own, and one factorization does not serve them all.")
}
