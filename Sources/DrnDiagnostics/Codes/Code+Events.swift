/// Events, requirements, and what follows the score on validation.
extension Code {
  public static let eventNeverFires = Code(
    310, "event_never_fires",
    summary: "An event is due only after the end of training.",
    meaning: "An event is due only after training has ended.",
    failing: Example(train: "every 50 epochs: report(effective_rank)"),
    corrected: Example(train: "every 5 epochs: report(effective_rank)"),
    why: "What never happens was not meant.")

  public static let eventWithoutEffect = Code(
    311, "event_without_effect",
    summary: "An event has nothing to act on.",
    meaning:
      "An event concerns weights that are never in a form it changes, or one that restores or takes examples out comes when there is nothing to go by.",
    failing: .fc1("every 5 epochs: trim(below: 0.1, state: carry)"),
    corrected: .fc1("from epoch 0: factored(rank: 64)", "every 5 epochs: trim(below: 0.1, state: carry)"),
    why: "It would fire and change nothing.")

  public static let malformedRequirement = Code(
    317, "malformed_requirement",
    summary: "A requirement is not a comparison of a cost with a number.",
    meaning: "A `require` is not a comparison of a summed-up cost with a number.",
    failing: Example(train: "require: trainable_parameters <= 0.8"),
    corrected: Example(train: "require: average(trainable_parameters) <= 0.8 * dense_cost"),
    why: "Only such a comparison can be decided before training.")

  public static let nothingWatched = Code(
    321, "nothing_watched", traits: [.disagreement],
    summary: "A rate or the end of a run follows the score on validation, and there is none.",
    meaning:
      "The rate `plateau` and `stop: early(...)` act on the score on validation that `select` names, at the end of each epoch. Here no example is held out for validation, or `select: last` compares no epoch with another.",
    failing: Example(settings: ["rate": "plateau(0.1, patience: 3 epochs)"]),
    corrected: Example(
      data: """
        source: fashion_mnist
        image: tensor[1, 28, 28]
        label: class(10)
        examples: 60000
        validation: 10%
        """, settings: ["rate": "plateau(0.1, patience: 3 epochs)"]),
    why: "The rate would never fall, and the run would never end early, without a word.")

  public static let testBeforeEnd = Code(
    322, "test_before_end",
    summary: "A measurement of the test split stands before the end of training.",
    meaning: "A report of `pruned_accuracy`, which reads the test split, is asked for while training.",
    failing: Example(train: "every 5 epochs: report(pruned_accuracy(keep: [10%]))"),
    corrected: Example(train: "at end: report(pruned_accuracy(keep: [10%]))"),
    why: "The test split is for what a run ends with: whoever sees it before can choose by it.")
}
