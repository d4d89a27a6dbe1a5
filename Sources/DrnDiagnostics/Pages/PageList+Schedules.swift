extension Page {
  /// The pages of codes DRN0300 to DRN0399.
  static let schedules: [Page] = [
    Page(
      .rankTooSmall,
      meaning: "A rank resolves to a number below 1, or a budget does not hold rank 1 of every weight it is for.",
      failing: .fc1("from epoch 0: factored(rank: 1/500 of outputs)"),
      corrected: .fc1("from epoch 0: factored(rank: 1/4 of outputs)"),
      why: "A weight of rank 0 is zero and learns nothing."),
    Page(
      .rankTooLarge,
      meaning: "A rank is larger than the short side of the weight.",
      failing: .fc1("from epoch 0: factored(rank: 300)"),
      corrected: .fc1("from epoch 0: factored(rank: 128)"),
      why: "No matrix has a larger rank than its short side."),
    Page(
      .missingStart,
      meaning: "The first entry of a timeline begins after the start of training.",
      failing: .fc1("from epoch 5: factored(rank: 64)", train: "state: carry"),
      corrected: .fc1("from epoch 0: dense", "from epoch 5: factored(rank: 64) by svd(error: 50%)", train: "state: carry"),
      why: "Nothing would say what holds before it."),
    Page(
      .scheduleOrder,
      meaning: "An entry of a timeline lies earlier than the entry before it.",
      failing: .fc1(
        "from epoch 0: factored(rank: 64)", "from epoch 20: dense", "from epoch 10: factored(rank: 32) by svd(error: 50%)",
        train: "state: carry"),
      corrected: .fc1(
        "from epoch 0: factored(rank: 64)", "from epoch 10: dense", "from epoch 20: factored(rank: 32) by svd(error: 50%)",
        train: "state: carry"),
      why: "The order of the text is the order of time, so that a schedule can be read."),
    Page(
      .pastTheEnd,
      meaning: "A time lies at or after the end of training.",
      failing: .fc1("from epoch 0: factored(rank: 64)", "from epoch 30: dense", train: "state: carry"),
      corrected: .fc1("from epoch 0: factored(rank: 64)", "from epoch 29: dense", train: "state: carry"),
      why:
        "What begins then never happens. Only a form of `weights` may begin `from end`, after the last step: it is what is tested, saved and deployed. A rate, a loss or a set of trained layers has no step there to act on."
    ),
    Page(
      .overlap,
      meaning: "Two entries of one timeline begin at the same moment.",
      failing: .fc1(
        "from epoch 0: factored(rank: 64)", "from epoch 10: dense", "from epoch 10: factored(rank: 32) by svd(error: 50%)",
        train: "state: carry"),
      corrected: .fc1(
        "from epoch 0: factored(rank: 64)", "from epoch 10: dense", "from epoch 11: factored(rank: 32) by svd(error: 50%)",
        train: "state: carry"),
      why: "Only one of them could hold."),
    Page(
      .stateMissing,
      meaning: "A weight changes its form, and nothing says what becomes of the optimizer state.",
      failing: .fc1("from epoch 0: factored(rank: 64)", "from epoch 10: dense"),
      corrected: .fc1("from epoch 0: factored(rank: 64)", "from epoch 10: dense", train: "state: carry"),
      why: "Resetting and carrying give different runs, and neither is right for everyone."),
    Page(
      .eventNeverFires,
      meaning: "An event is due only after training has ended.",
      failing: Example(train: "every 50 epochs: report(effective_rank)"),
      corrected: Example(train: "every 5 epochs: report(effective_rank)"),
      why: "What never happens was not meant."),
    Page(
      .eventWithoutEffect,
      meaning:
        "An event concerns weights that are never in a form it changes, or one that restores or takes examples out comes when there is nothing to go by.",
      failing: .fc1("every 5 epochs: trim(below: 0.1, state: carry)"),
      corrected: .fc1("from epoch 0: factored(rank: 64)", "every 5 epochs: trim(below: 0.1, state: carry)"),
      why: "It would fire and change nothing."),
    Page(
      .notATime,
      meaning: "Something other than a moment or a duration stands where a time is needed.",
      failing: .fc1("from epoch 0: factored(rank: 64)", "from 10: dense", train: "state: carry"),
      corrected: .fc1("from epoch 0: factored(rank: 64)", "from epoch 10: dense", train: "state: carry"),
      why: "Every time carries its unit, so that epochs and steps are not confused."),
    Page(
      .unknownOrder,
      meaning: "Two times are given in epochs and in steps, and the length of an epoch is not known.",
      failing: Example(
        data: """
          source: fashion_mnist
          image: tensor[1, 28, 28]
          label: class(10)
          """,
        train: """
          state: carry
          weights fc1 {
            from epoch 0: factored(rank: 64)
            from epoch 10: dense
            from step 9000: factored(rank: 32) by svd(error: 50%)
          }
          """
      ),
      corrected: .fc1(
        "from epoch 0: factored(rank: 64)", "from epoch 10: dense", "from step 9000: factored(rank: 32) by svd(error: 50%)",
        train: "state: carry"),
      why: "Their order decides what is trained when."),
    Page(
      .undeterminedRank,
      meaning:
        "A rank refers to a rank that is not known there: `current` without one before, or a share of singular values before training.",
      failing: .fc1("from epoch 0: factored(rank: current)"),
      corrected: .fc1("from epoch 0: factored(rank: 64)"),
      why: "There is nothing to take the number from."),
    Page(
      .zeroProduct,
      meaning: "Every factor of a weight starts at zero.",
      failing: .fc1("from epoch 0: factored(rank: 64, initial: svd)", train: "initial: zeros"),
      corrected: .fc1("from epoch 0: factored(rank: 64)", train: "initial: zeros"),
      why: "The gradient of each factor is a product with the other, so all stay at zero for ever."),
    Page(
      .decayMissing,
      meaning: "There is weight decay and a weight with factors, but nothing says what the decay acts on.",
      failing: .fc1("from epoch 0: factored(rank: 64)", train: "weight_decay: 1e-4"),
      corrected: .fc1("from epoch 0: factored(rank: 64)", train: "weight_decay: 1e-4\ndecay: product"),
      why: "Decay of each factor is a nuclear-norm penalty on their product and lowers its rank by itself."),
    Page(
      .malformedRequirement,
      meaning: "A `require` is not a comparison of a summed-up cost with a number.",
      failing: Example(train: "require: trainable_parameters <= 0.8"),
      corrected: Example(train: "require: average(trainable_parameters) <= 0.8 * dense_cost"),
      why: "Only such a comparison can be decided before training."),
    Page(
      .malformedCycle,
      meaning: "A cycle has no entries, has entries without a length, or does not say when it begins; or a length stands outside a cycle.",
      failing: Example(
        train: """
          state: carry
          weights fc1 {
            cycle(2) {
              from epoch 5: factored(rank: 64)
              5 epochs: dense
            }
          }
          """
      ),
      corrected: Example(
        train: """
          state: carry
          weights fc1 {
            cycle(2) {
              10 epochs: factored(rank: 64) by svd(error: 50%)
              5 epochs: dense
            }
          }
          """
      ),
      why: "A cycle is laid out in time from the lengths of its entries."),
    .formNeedsKernel, .groupedForm,
    Page(
      .nothingWatched,
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
      why: "The rate would never fall, and the run would never end early, without a word."),
    Page(
      .testBeforeEnd,
      meaning: "A report of `pruned_accuracy`, which reads the test split, is asked for while training.",
      failing: Example(train: "every 5 epochs: report(pruned_accuracy(keep: [10%]))"),
      corrected: Example(train: "at end: report(pruned_accuracy(keep: [10%]))"),
      why: "The test split is for what a run ends with: whoever sees it before can choose by it."),
  ]
}
