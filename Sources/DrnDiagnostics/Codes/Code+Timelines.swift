/// Times, and the entries of a timeline.
extension Code {
  public static let missingStart = Code(
    303, "missing_start", traits: [.absence],
    summary: "A timeline says nothing about the start of training.",
    meaning: "The first entry of a timeline begins after the start of training.",
    failing: .fc1("from epoch 5: factored(rank: 64)", train: "state: carry"),
    corrected: .fc1("from epoch 0: dense", "from epoch 5: factored(rank: 64) by svd(error: 50%)", train: "state: carry"),
    why: "Nothing would say what holds before it.")

  public static let scheduleOrder = Code(
    304, "schedule_order",
    summary: "The times of a timeline do not increase.",
    meaning: "An entry of a timeline lies earlier than the entry before it.",
    failing: .fc1(
      "from epoch 0: factored(rank: 64)", "from epoch 20: dense", "from epoch 10: factored(rank: 32) by svd(error: 50%)",
      train: "state: carry"),
    corrected: .fc1(
      "from epoch 0: factored(rank: 64)", "from epoch 10: dense", "from epoch 20: factored(rank: 32) by svd(error: 50%)",
      train: "state: carry"),
    why: "The order of the text is the order of time, so that a schedule can be read.")

  public static let pastTheEnd = Code(
    305, "past_the_end",
    summary: "A time lies at or after the end of training.",
    meaning: "A time lies at or after the end of training.",
    failing: .fc1("from epoch 0: factored(rank: 64)", "from epoch 30: dense", train: "state: carry"),
    corrected: .fc1("from epoch 0: factored(rank: 64)", "from epoch 29: dense", train: "state: carry"),
    why:
      "What begins then never happens. Only a form of `weights` may begin `from end`, after the last step: it is what is tested, saved and deployed. A rate, a loss or a set of trained layers has no step there to act on."
  )

  public static let overlap = Code(
    306, "overlap",
    summary: "Two entries of a timeline begin at the same moment.",
    meaning: "Two entries of one timeline begin at the same moment.",
    failing: .fc1(
      "from epoch 0: factored(rank: 64)", "from epoch 10: dense", "from epoch 10: factored(rank: 32) by svd(error: 50%)",
      train: "state: carry"),
    corrected: .fc1(
      "from epoch 0: factored(rank: 64)", "from epoch 10: dense", "from epoch 11: factored(rank: 32) by svd(error: 50%)",
      train: "state: carry"),
    why: "Only one of them could hold.")

  public static let stateMissing = Code(
    308, "state_missing", traits: [.absence],
    summary: "Nothing says what becomes of the optimizer state at a transition.",
    meaning: "A weight changes its form, and nothing says what becomes of the optimizer state.",
    failing: .fc1("from epoch 0: factored(rank: 64)", "from epoch 10: dense"),
    corrected: .fc1("from epoch 0: factored(rank: 64)", "from epoch 10: dense", train: "state: carry"),
    why: "Resetting and carrying give different runs, and neither is right for everyone.")

  public static let notATime = Code(
    312, "not_a_time",
    summary: "Something other than a time stands where one is needed.",
    meaning: "Something other than a moment or a duration stands where a time is needed.",
    failing: .fc1("from epoch 0: factored(rank: 64)", "from 10: dense", train: "state: carry"),
    corrected: .fc1("from epoch 0: factored(rank: 64)", "from epoch 10: dense", train: "state: carry"),
    why: "Every time carries its unit, so that epochs and steps are not confused.")

  public static let unknownOrder = Code(
    313, "unknown_order", severity: .warning,
    summary: "Epochs and steps cannot be ordered while the length of an epoch is unknown.",
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
    why: "Their order decides what is trained when.")

  public static let malformedCycle = Code(
    318, "malformed_cycle", traits: [.absence],
    summary: "A cycle cannot be laid out in time.",
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
    why: "A cycle is laid out in time from the lengths of its entries.")
}
