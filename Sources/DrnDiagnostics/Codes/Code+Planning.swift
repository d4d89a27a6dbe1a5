/// Costs and memory, known once a program is planned.
extension Code {
  public static let requirementFails = Code(
    601, "requirement_fails",
    summary: "A requirement on the cost of the run is not met.",
    meaning: "The cost named by `require` is past its limit; the notes name the phases that break it.",
    failing: .budgeted("0.6"),
    corrected: .budgeted("0.95"),
    why: "A budget that is not held before the run is found out after it. Ranks decided at run time are priced at their upper bound.")

  public static let planTooLarge = Code(
    602, "plan_too_large",
    summary: "The memory a phase needs cannot be had.",
    meaning: "The arena of a phase is larger than the memory this machine gives, or a layer needs more numbers than any memory holds.",
    why:
      "The plan is made before the first step, so the error comes then, or from `drnc check --cost`, and not in the middle of the run. Lower the batch or the ranks."
  )

  public static let slowerThanDense = Code(
    603, "slower_than_dense", severity: .hint, traits: [.lint, .needsPrices],
    summary: "A factorized layer is predicted to be slower than the dense one on this machine.",
    meaning:
      "`drnc check --cost` measures this machine and predicts that the factors of a layer take longer in a step than its dense weight; both times are given, of the first such layer.",
    why:
      "The layer is compiled in both forms and its kernels are priced: factors write and read what lies between them, start more kernels and leave lanes of a vector empty at ranks below 16. The number of values is still lower."
  )
}

extension Example {
  /// A schedule whose average of trained parameters may be so much of the dense network's.
  fileprivate static func budgeted(_ limit: String) -> Example {
    Example(
      source: """
        data points {
          source: synthetic(examples: 1280, test_examples: 128)
          point:  tensor[32]
          label:  class(4)
        }
        network small(point: tensor[32]) -> tensor[4] {
          return point |> fc1: linear(64) |> relu |> head: linear(4)
        }
        train small on points {
          length:    4 epochs
          batch:     32
          seed:      1
          loss:      cross_entropy
          optimizer: sgd(momentum: 0.9)
          rate:      0.1
          state:     carry
          weights fc1 {
            from epoch 0: factored(rank: 16)
            from epoch 2: dense
          }
          require: average(trainable_parameters) <= \(limit) * dense_cost
        }
        """)
  }
}
