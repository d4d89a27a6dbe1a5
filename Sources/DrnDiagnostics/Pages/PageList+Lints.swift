extension Page {
  /// The pages of codes DRN0500 to DRN0599.
  static let lints: [Page] = [
    Page(
      .rankSavesNothing,
      meaning: "At this rank the factors hold as many values as the dense weight, or more.",
      failing: .fc1("from epoch 0: factored(rank: 208)"),
      corrected: .fc1("from epoch 0: factored(rank: 192)"),
      why: "A factorized weight that is larger than the dense one costs more and can do less."),
    Page(
      .rankUnaligned,
      meaning: "A rank is not a multiple of 16, the width of the vector units.",
      failing: .fc1("from epoch 0: factored(rank: 60)"),
      corrected: .fc1("from epoch 0: factored(rank: 64)"),
      why: "The next multiple usually takes the same time."),
    Page(
      .headRankBelowClasses,
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
      why: "The outputs then lie in a space too small to set every class apart."),
    Page(
      .coldOptimizer,
      meaning: "The optimizer state is reset in the middle of training, and the learning rate is not warmed up again.",
      failing: .fc1("from epoch 0: factored(rank: 64)", "from epoch 10: dense", train: "state: reset"),
      corrected: .fc1("from epoch 0: factored(rank: 64)", "from epoch 10: dense", train: "state: reset\nrewarm: 2 epochs"),
      why: "The next steps are taken at full rate without momentum or curvature."),
    Page(
      .missesHighNoise,
      meaning: "A schedule with full-rank and low-rank phases has no full-rank phase before the first drop of the learning rate.",
      failing: .fc1(
        "from epoch 0: factored(rank: 64)", "from epoch 22: dense", train: "state: carry", settings: ["rate": "step(0.1, at: [epoch 20])"]),
      corrected: .fc1(
        "from epoch 0: factored(rank: 64)", "from epoch 12: dense", train: "state: carry", settings: ["rate": "step(0.1, at: [epoch 20])"]),
      why: "Full-rank epochs at a high rate restore directions that the low-rank phase has lost (arXiv 2508.08625)."),
    Page(
      .missesLowNoise,
      meaning: "A schedule with full-rank and low-rank phases has no full-rank phase after the first drop of the learning rate.",
      failing: .fc1(
        "from epoch 0: factored(rank: 64)", "from epoch 5: dense", "from epoch 15: factored(rank: 64) by svd(error: 50%)",
        train: "state: carry", settings: ["rate": "step(0.1, at: [epoch 20])"]),
      corrected: .fc1(
        "from epoch 0: factored(rank: 64)", "from epoch 5: dense", "from epoch 25: factored(rank: 64) by svd(error: 50%)",
        train: "state: carry", settings: ["rate": "step(0.1, at: [epoch 20])"]),
      why: "Full-rank epochs at a low rate settle what the noisy ones restored (arXiv 2508.08625)."),
    Page(
      .misalignedTransition,
      meaning: "A transition lies one epoch, or at most a tenth of one, before or after a jump of the learning rate.",
      failing: .fc1(
        "from epoch 0: factored(rank: 64)", "from epoch 19: dense", train: "state: carry", settings: ["rate": "step(0.1, at: [epoch 20])"]),
      corrected: .fc1(
        "from epoch 0: factored(rank: 64)", "from epoch 18: dense", train: "state: carry", settings: ["rate": "step(0.1, at: [epoch 20])"]),
      why: "Such a distance is nearly always a slip of counting."),
    Page(
      .unnamedLayer,
      meaning: "A layer with weights has no label and is called after its operation.",
      failing: Example(network: "return image |> flatten |> linear(256) |> relu |> fc2: linear(10)"),
      corrected: Example(network: "return image |> flatten |> fc1: linear(256) |> relu |> fc2: linear(10)"),
      why: "Inserting another layer of that kind before it renames its saved weights."),
    Page(
      .unusedBinding,
      meaning: "A `let` is never used.",
      failing: Example(
        network: """
          let flat = image |> flatten
          return image |> flatten |> fc1: linear(10)
          """
      ),
      corrected: Example(
        network: """
          let flat = image |> flatten
          return flat |> fc1: linear(10)
          """
      ),
      why: "What it names is computed in vain, or something else was meant."),
    Page(
      .unusedDeclaration,
      meaning: "A block, network or data set is never used.",
      failing: Example(
        blocks: """
          block wide(x: tensor, width: int) {
            return x |> fc: linear(width) |> relu
          }
          """
      ),
      corrected: Example(
        blocks: """
          block wide(x: tensor, width: int) {
            return x |> fc: linear(width) |> relu
          }
          """, network: "return image |> flatten |> hidden: wide(256) |> fc2: linear(10)"
      ),
      why: "The body of a block that nothing calls is not checked."),
    Page(
      .deployedForm,
      meaning: "Training ends in an adapter or a core with frozen bases.",
      failing: .fc1("from epoch 0: dense", "from epoch 10: adapter(rank: 16)", train: "state: carry"),
      corrected: .fc1(
        "from epoch 0: dense", "from epoch 10: adapter(rank: 16)", "from epoch 20: factored(rank: 64) by svd(error: 50%)",
        train: "state: carry"),
      why: "What is deployed is then not what was trained: an adapter is merged into a dense weight."),
    Page(
      .unboundedTruncation,
      meaning: "A transition lowers the rank and states no error it must stay within.",
      failing: .fc1("from epoch 0: dense", "from epoch 10: factored(rank: 64)", train: "state: carry"),
      corrected: .fc1("from epoch 0: dense", "from epoch 10: factored(rank: 64) by svd(error: 20%)", train: "state: carry"),
      why: "A truncation can lose most of a weight, and training goes on from what is left."),
    Page(
      .adapterScale,
      meaning: "The scale alpha / rank of an adapter is far from 1.",
      failing: .fc1("from epoch 0: dense", "from epoch 10: adapter(rank: 64, alpha: 1)", train: "state: carry\nallow: [deployed_form]"),
      corrected: .fc1("from epoch 0: dense", "from epoch 10: adapter(rank: 64, alpha: 64)", train: "state: carry\nallow: [deployed_form]"),
      why: "The first steps move the weight by the square of the scale, so training freezes or blows up."),
    Page(
      .dataAbsent,
      meaning: "The data files are not on this machine, and `data` does not state how many examples there are.",
      failing: Example(
        data: """
          source: fashion_mnist
          image: tensor[1, 28, 28]
          label: class(10)
          """
      ),
      corrected: Example(),
      why: "Shapes, classes and steps are then not compared with the files."),
    Page(
      .unchangedForm,
      meaning: "A weight is made dense while it is dense.",
      failing: .fc1("from epoch 0: dense", "from epoch 10: dense", train: "state: carry"),
      corrected: .fc1("from epoch 0: factored(rank: 64)", "from epoch 10: dense", train: "state: carry"),
      why: "The entry changes nothing, so another one was probably meant."),
    .departsFromSource,
    Page(
      .productVariance,
      meaning: "Factors drawn each for itself have a product whose variance is more than 8 times off that of the dense initialization.",
      failing: .fc1("from epoch 0: factored(rank: 2, initial: glorot_each)", train: "allow: [rank_unaligned]"),
      corrected: .fc1("from epoch 0: factored(rank: 2, initial: glorot_product)", train: "allow: [rank_unaligned]"),
      why: "A signal that shrinks in every layer is lost in a deep network; a published schedule that does so keeps it with `allow`."),
    .wideBasis,
    Page(
      .endlessWarmup,
      meaning: "A warm-up is not over when what it leads into ends: the run, the first level of the rate, or the phase after a transition.",
      failing: Example(settings: ["rate": "step(0.1, at: [epoch 3], warmup: 5 epochs)"]),
      corrected: Example(settings: ["rate": "step(0.1, at: [epoch 20], warmup: 5 epochs)"]),
      why: "The rate is then never what the program says it is."),
    Page(
      .unknownLint,
      meaning: "`allow` names a lint that does not exist.",
      failing: Example(train: "allow: [cold_optimiser]"),
      corrected: .fc1("from epoch 0: factored(rank: 64)", "from epoch 10: dense", train: "state: reset\nallow: [cold_optimizer]"),
      why: "A misspelt name allows nothing."),
    Page(
      .unusedAllow,
      meaning: "`allow` names a lint that does not occur in the program.",
      failing: Example(train: "allow: [cold_optimizer]"),
      corrected: .fc1("from epoch 0: factored(rank: 64)", "from epoch 10: dense", train: "state: reset\nallow: [cold_optimizer]"),
      why: "It would hide the lint when it occurs later."),
    Page(
      .pointlessValue,
      meaning: "An option or setting is given a value with which it does nothing, or with which nothing works that depends on it.",
      failing: Example(settings: ["optimizer": "sgd(nesterov: true)"]),
      corrected: Example(settings: ["optimizer": "sgd(momentum: 0.9, nesterov: true)"]),
      why: "Whoever writes an option expects it to act, so another value was probably meant, or another option is missing."),
    Page(
      .frozenForm,
      meaning: "A weight is in another form from a moment on, but it is trained neither before nor after.",
      failing: .fc1("from epoch 0: factored(rank: 64)", "from epoch 10: dense", train: "state: carry\ntrainable: fc2"),
      corrected: .fc1("from epoch 0: factored(rank: 64)", "from epoch 10: dense", train: "state: carry"),
      why: "The change moves numbers that nothing learns from, and may cost accuracy for nothing."),
    Page(
      .fixedAtZero,
      meaning: "Weights that are zero begin in a form of powers: all of them with `initial: zeros`, those outside a mask after `sparse`.",
      failing: .fc1("from epoch 0: power(2)", train: "initial: zeros"),
      corrected: .fc1("from epoch 0: power(2)", train: "initial: he"),
      why: "The derivative of theta |theta|^(a - 1) is zero at zero, so no gradient ever moves such an entry."),
  ]
}
