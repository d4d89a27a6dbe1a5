/// Doubtful schedules.
extension Code {
  public static let coldOptimizer = Code(
    504, "cold_optimizer", severity: .warning, traits: [.lint],
    summary: "Training goes on at full rate with an optimizer state that was just reset.",
    meaning: "The optimizer state is reset in the middle of training, and the learning rate is not warmed up again.",
    failing: .fc1("from epoch 0: factored(rank: 64)", "from epoch 10: dense", train: "state: reset"),
    corrected: .fc1("from epoch 0: factored(rank: 64)", "from epoch 10: dense", train: "state: reset\nrewarm: 2 epochs"),
    why: "The next steps are taken at full rate without momentum or curvature.")

  public static let missesHighNoise = Code(
    505, "misses_high_noise", severity: .warning, traits: [.lint],
    summary: "No full-rank phase lies before the first drop of the learning rate.",
    meaning: "A schedule with full-rank and low-rank phases has no full-rank phase before the first drop of the learning rate.",
    failing: .fc1(
      "from epoch 0: factored(rank: 64)", "from epoch 22: dense", train: "state: carry", settings: ["rate": "step(0.1, at: [epoch 20])"]),
    corrected: .fc1(
      "from epoch 0: factored(rank: 64)", "from epoch 12: dense", train: "state: carry", settings: ["rate": "step(0.1, at: [epoch 20])"]),
    why: "Full-rank epochs at a high rate restore directions that the low-rank phase has lost (arXiv 2508.08625).")

  public static let missesLowNoise = Code(
    506, "misses_low_noise", severity: .warning, traits: [.lint],
    summary: "Dense weights are deployed, and no full-rank phase lies after the first drop of the learning rate.",
    meaning:
      "A schedule with full-rank and low-rank phases ends in dense weights and has no full-rank phase after the first drop of the learning rate.",
    failing: .fc1(
      "from epoch 0: factored(rank: 64)", "from epoch 5: dense", "from epoch 15: adapter(rank: 64)",
      train: "state: carry allow: [deployed_form]", settings: ["rate": "step(0.1, at: [epoch 20])"]),
    corrected: .fc1(
      "from epoch 0: factored(rank: 64)", "from epoch 5: dense", "from epoch 25: adapter(rank: 64)",
      train: "state: carry allow: [deployed_form]", settings: ["rate": "step(0.1, at: [epoch 20])"]),
    why: "Full-rank epochs at a low rate settle what the noisy ones restored (arXiv 2508.08625).")

  public static let lateTruncation = Code(
    527, "late_truncation", severity: .hint, traits: [.lint],
    summary: "A truncation comes when the learning rate has dropped.",
    meaning: "A transition lowers the rank at the first drop of the learning rate or after it.",
    failing: .fc1(
      "from epoch 0: dense", "from epoch 25: factored(rank: 64) by svd(error: 50%)", train: "state: carry",
      settings: ["rate": "step(0.1, at: [epoch 20])"]),
    corrected: .fc1(
      "from epoch 0: dense", "from epoch 15: factored(rank: 64) by svd(error: 50%)", train: "state: carry",
      settings: ["rate": "step(0.1, at: [epoch 20])"]),
    why: "Steps at a high rate make good what a truncation loses; steps at a low one move the weights too little.")

  public static let misalignedTransition = Code(
    507, "misaligned_transition", severity: .warning, traits: [.lint],
    summary: "A transition misses a jump of the learning rate by one epoch, or by a few steps.",
    meaning: "A transition lies one epoch, or at most a tenth of one, before or after a jump of the learning rate.",
    failing: .fc1(
      "from epoch 0: factored(rank: 64)", "from epoch 19: dense", train: "state: carry", settings: ["rate": "step(0.1, at: [epoch 20])"]),
    corrected: .fc1(
      "from epoch 0: factored(rank: 64)", "from epoch 18: dense", train: "state: carry", settings: ["rate": "step(0.1, at: [epoch 20])"]),
    why: "Such a distance is nearly always a slip of counting.")

  public static let unboundedTruncation = Code(
    512, "unbounded_truncation", severity: .hint, traits: [.lint],
    summary: "A truncation states no error that it must stay within.",
    meaning: "A transition lowers the rank and states no error it must stay within.",
    failing: .fc1("from epoch 0: dense", "from epoch 10: factored(rank: 64)", train: "state: carry"),
    corrected: .fc1("from epoch 0: dense", "from epoch 10: factored(rank: 64) by svd(error: 20%)", train: "state: carry"),
    why: "A truncation can lose most of a weight, and training goes on from what is left.")

  public static let unchangedForm = Code(
    515, "unchanged_form", severity: .warning, traits: [.lint],
    summary: "A transition leads to the form the weight already has.",
    meaning: "A weight is made dense while it is dense.",
    failing: .fc1("from epoch 0: dense", "from epoch 10: dense", train: "state: carry"),
    corrected: .fc1("from epoch 0: factored(rank: 64)", "from epoch 10: dense", train: "state: carry"),
    why: "The entry changes nothing, so another one was probably meant.")

  public static let endlessWarmup = Code(
    519, "endless_warmup", severity: .warning, traits: [.lint],
    summary: "A warm-up lasts as long as what it leads into, or longer.",
    meaning: "A warm-up is not over when what it leads into ends: the run, the first level of the rate, or the phase after a transition.",
    failing: Example(settings: ["rate": "step(0.1, at: [epoch 3], warmup: 5 epochs)"]),
    corrected: Example(settings: ["rate": "step(0.1, at: [epoch 20], warmup: 5 epochs)"]),
    why: "The rate is then never what the program says it is.")

  public static let frozenForm = Code(
    523, "frozen_form", severity: .warning, traits: [.lint],
    summary: "Weights that are not trained change their form.",
    meaning: "A weight is in another form from a moment on, but it is trained neither before nor after.",
    failing: .fc1("from epoch 0: factored(rank: 64)", "from epoch 10: dense", train: "state: carry\ntrainable: fc2"),
    corrected: .fc1("from epoch 0: factored(rank: 64)", "from epoch 10: dense", train: "state: carry"),
    why: "The change moves numbers that nothing learns from, and may cost accuracy for nothing.")
}
