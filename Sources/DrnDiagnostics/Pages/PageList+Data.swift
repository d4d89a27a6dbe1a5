extension Page {
  /// The pages of codes DRN0400 to DRN0499.
  static let data: [Page] = shapes + images

  private static let shapes: [Page] = [
    Page(
      .dataShape,
      meaning: "The files hold examples, or values to be learned, of another shape than declared.",
      failing: Example(
        head: "// with data 60000 [1, 28, 28] 10",
        data: """
          source: fashion_mnist
          image: tensor[784]
          label: class(10)
          examples: 60000
          """, input: "tensor[784]", output: "tensor[10]"
      ),
      corrected: Example(head: "// with data 60000 [1, 28, 28] 10"),
      why: "The network would be given other numbers than it was written for."),
    Page(
      .dataClasses,
      meaning: "The files hold more classes than declared, or classes where real values are declared.",
      failing: Example(
        head: "// with data 60000 [1, 28, 28] 10",
        data: """
          source: fashion_mnist
          image: tensor[1, 28, 28]
          label: class(8)
          examples: 60000
          """, input: "tensor[1, 28, 28]", output: "tensor[8]", network: "return image |> flatten |> fc1: linear(8)"
      ),
      corrected: Example(head: "// with data 60000 [1, 28, 28] 10"),
      why: "Some labels would have no output."),
    Page(
      .networkInput,
      meaning: "A network is declared for another shape than its data has.",
      failing: Example(input: "tensor[1, 32, 32]", output: "tensor[10]"),
      corrected: Example(),
      why: "Its first layer would be given other tensors than it was checked for."),
    Page(
      .headOutputs,
      meaning: "A network returns another number of values than there are classes or targets.",
      failing: Example(input: "tensor[1, 28, 28]", output: "tensor[12]", network: "return image |> flatten |> fc1: linear(12)"),
      corrected: Example(),
      why: "The loss compares them one by one."),
    Page(
      .lossTarget,
      meaning: "A loss for classes is used with real values, or the other way round.",
      failing: Example(settings: ["loss": "mean_squared_error"]),
      corrected: Example(settings: ["loss": "cross_entropy"]),
      why: "A class is a number of an output, a target is a value of it."),
    Page(
      .dataUnreadable,
      meaning: "Data files are present but cut short, damaged or of another format.",
      failing: Example(
        head: "// with broken data",
        data: """
          source: fashion_mnist
          image: tensor[1, 28, 28]
          label: class(10)
          examples: 60000
          """
      ),
      corrected: Example(head: "// with data 60000 [1, 28, 28] 10"),
      why: "Training would stop, or learn from garbage."),
    Page(
      .emptyEpoch,
      meaning: "A batch is larger than the training set, so that an epoch has no step.",
      failing: Example(settings: ["batch": "70000"]),
      corrected: Example(settings: ["batch": "6000"]),
      why: "Nothing would be trained."),
    Page(
      .classWeightCount,
      meaning: "`class_weights` does not have one number for each class.",
      failing: Example(train: "class_weights: [1, 2, 1]"),
      corrected: Example(train: "class_weights: [1, 2, 1, 1, 1, 1, 1, 1, 1, 1]"),
      why: "Each class is weighed by its own number."),
    Page(
      .topKRange,
      meaning: "A top-k accuracy counts as many outputs as there are classes, or more.",
      failing: Example(train: "top_k: [1, 10]"),
      corrected: Example(train: "top_k: [1, 5]"),
      why: "It would be 1 for any network."),
    Page(
      .exampleCount,
      meaning: "The files hold another number of examples than declared.",
      failing: Example(
        head: "// with data 60000 [1, 28, 28] 10",
        data: """
          source: fashion_mnist
          image: tensor[1, 28, 28]
          label: class(10)
          examples: 50000
          """
      ),
      corrected: Example(head: "// with data 60000 [1, 28, 28] 10"),
      why: "Times in epochs and steps were computed from the declared number."),
  ]
}
