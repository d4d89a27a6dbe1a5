/// The pages about forms of convolutions, in the lists of schedules and lints.
extension Page {
  static let formNeedsKernel = Page(
    .formNeedsKernel,
    meaning: "A form that splits the kernel of a convolution is given to a linear layer.",
    failing: Example(train: "weights fc1 {\n  from epoch 0: tucker(rank: 64)\n}"),
    corrected: Example(train: "weights fc1 {\n  from epoch 0: factored(rank: 64)\n}"),
    why: "A linear layer has no kernel; `factored` is what `tucker` without one would be.")

  static let groupedForm = Page(
    .groupedForm,
    meaning: "A convolution in groups is given a form with a rank.",
    failing: convolutional("", options: ", groups: 4", "from epoch 0: factored(rank: 16)"),
    corrected: convolutional("", "from epoch 0: factored(rank: 16)"),
    why: "Each group has a small matrix of its own, and one factorization does not serve them all.")

  static let departsFromSource = Page(
    .departsFromSource,
    meaning: "A form computes this convolution otherwise than the publication it is taken from.",
    failing: convolutional("", options: ", stride: 2", "from epoch 0: cp(rank: 16)"),
    corrected: convolutional("", "from epoch 0: cp(rank: 16)"),
    why: """
      The code of arXiv 2508.08625 puts the stride of `cp` on the last 1 x 1 factor, so that no dense weight computes the same function. Here \
      it lies on the 1 x k and k x 1 factors, and making the weight dense is exact.
      """)

  static let wideBasis = Page(
    .wideBasis,
    meaning: "The rank of `tucker` is above the number of channels that one of its bases mixes.",
    failing: convolutional("", "from epoch 0: tucker(rank: 20)"),
    corrected: convolutional("", "from epoch 0: tucker(rank: 16)"),
    why: "16 channels have no more than 16 directions: further columns of the basis are combinations of the others, and cost as much.")

  /// A network of two convolutions whose second one goes through the given entries.
  private static func convolutional(_ settings: String, options: String = "", _ entries: String...) -> Example {
    let clause = "weights conv2 {\n" + entries.map { "  \($0)\n" }.joined() + "}"
    return Example(
      network: """
        return image
          |> conv1: conv2d(16, kernel: 3) |> relu
          |> conv2: conv2d(32, kernel: 3\(options)) |> relu
          |> global_average_pool
          |> fc: linear(10)
        """, train: settings.isEmpty ? clause : settings + "\n" + clause)
  }
}
