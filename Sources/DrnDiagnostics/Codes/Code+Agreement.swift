/// Data, network, loss and optimizer that do not fit each other.
extension Code {
  public static let networkInput = Code(
    403, "network_input", traits: [.disagreement],
    summary: "A network takes another shape than its data has.",
    meaning: "A network is declared for another shape than its data has.",
    failing: Example(input: "tensor[1, 32, 32]", output: "tensor[10]"),
    corrected: Example(),
    why: "Its first layer would be given other tensors than it was checked for.")

  public static let headOutputs = Code(
    404, "head_outputs", traits: [.disagreement],
    summary: "A network returns another number of values than its data needs.",
    meaning: "A network returns another number of values than there are classes or targets.",
    failing: Example(input: "tensor[1, 28, 28]", output: "tensor[12]", network: "return image |> flatten |> fc1: linear(12)"),
    corrected: Example(),
    why: "The loss compares them one by one.")

  public static let lossTarget = Code(
    405, "loss_target", traits: [.disagreement],
    summary: "A loss needs another kind of label than the data has.",
    meaning: "A loss for classes is used with real values, or the other way round.",
    failing: Example(settings: ["loss": "mean_squared_error"]),
    corrected: Example(settings: ["loss": "cross_entropy"]),
    why: "A class is a number of an output, a target is a value of it.")

  public static let lossBlock = Code(
    417, "loss_block",
    summary: "A block that is named as the loss is no loss.",
    meaning:
      "A block is named as the loss and does not begin with two tensors, the outputs and what they should be, has weights, running statistics or random numbers, or does not depend on the outputs.",
    failing: Example(
      blocks: "block squares(outputs: tensor) {\n  return square(outputs)\n}", settings: ["loss": "squares"]),
    corrected: Example(
      blocks: "block squares(outputs: tensor, labels: tensor) {\n  return square(outputs - labels)\n}", settings: ["loss": "squares"]),
    why: "A loss compares what the network returns with what it should return, and has nothing to be trained.")

  public static let emptyEpoch = Code(
    407, "empty_epoch",
    summary: "An epoch has no batch.",
    meaning: "A batch is larger than the training set, so that an epoch has no step.",
    failing: Example(settings: ["batch": "70000"]),
    corrected: Example(settings: ["batch": "6000"]),
    why: "Nothing would be trained.")

  public static let classWeightCount = Code(
    408, "class_weight_count",
    summary: "There is not one class weight for each class.",
    meaning: "`class_weights` does not have one number for each class.",
    failing: Example(train: "class_weights: [1, 2, 1]"),
    corrected: Example(train: "class_weights: [1, 2, 1, 1, 1, 1, 1, 1, 1, 1]"),
    why: "Each class is weighed by its own number.")

  public static let topKRange = Code(
    409, "top_k_range",
    summary: "A top-k accuracy counts more classes than there are.",
    meaning: "A top-k accuracy counts as many outputs as there are classes, or more.",
    failing: Example(train: "top_k: [1, 10]"),
    corrected: Example(train: "top_k: [1, 5]"),
    why: "It would be 1 for any network.")

  public static let augmentationShape = Code(
    415, "augmentation_shape",
    summary: "An augmentation does not fit the shape of an example.",
    meaning:
      "`augment:` changes images, which have channels, height and width, or sequences, which have positions and features; and what it moves or hides must be smaller than they are.",
    failing: Example(
      data: """
        source: fashion_mnist
        image: tensor[1, 28, 28]
        label: class(10)
        examples: 60000
        augment: [flip_horizontal, cutout(28)]
        """
    ),
    corrected: Example(
      data: """
        source: fashion_mnist
        image: tensor[1, 28, 28]
        label: class(10)
        examples: 60000
        augment: [flip_horizontal, cutout(8)]
        """
    ),
    why: "A crop or a hole as large as the example would leave nothing of it.")

  public static let updateOfForm = Code(
    416, "update_of_form",
    summary: "An optimizer cannot move a weight of that form.",
    meaning:
      "An `update:` of a clause moves weights of other forms or ranks, a form has bases that are said to move and nothing moves them, or bases that turn in every step are averaged.",
    failing: .fc1("update: basis_update(sgd())"),
    corrected: .fc1("update: basis_update(sgd())", "from epoch 0: core(rank: 32, bases: moving)"),
    why: "The weight would stay where it is, or be trained by something else than what is written.")
}
