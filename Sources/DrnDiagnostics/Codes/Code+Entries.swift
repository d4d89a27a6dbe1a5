/// Entries of declarations and clauses, and selectors.
extension Code {
  public static let unmatchedSelector = Code(
    223, "unmatched_selector", traits: [.absence, .disagreement],
    summary: "A selector matches no layer.",
    meaning: "A selector matches no layer of the network.",
    failing: Example(
      train: """
        weights f1 {
          from epoch 0: factored(rank: 64)
        }
        """
    ),
    corrected: .fc1("from epoch 0: factored(rank: 64)"),
    why: "A clause that concerns nothing would silently train something else.")

  public static let claimedTwice = Code(
    224, "claimed_twice",
    summary: "Two clauses claim the same weight.",
    meaning: "Two clauses say what form the same weight has.",
    failing: Example(
      train: """
        weights fc1 {
          from epoch 0: factored(rank: 64)
        }
        weights fc* {
          from epoch 0: dense
        }
        """
    ),
    corrected: Example(
      train: """
        weights fc1 {
          from epoch 0: factored(rank: 64)
        }
        weights fc* except fc1 {
          from epoch 0: dense
        }
        """
    ),
    why: "Only one of them could hold.")

  public static let unknownEntry = Code(
    225, "unknown_entry",
    summary: "A declaration or clause has an entry nothing reads.",
    meaning: "A declaration or clause has an entry that nothing reads.",
    failing: Example(train: "lenght: 5 epochs"),
    corrected: Example(),
    why: "An entry that is ignored would silently run another experiment.")

  public static let duplicateEntry = Code(
    226, "duplicate_entry",
    summary: "A setting is given twice.",
    meaning: "A setting is given twice.",
    failing: Example(train: "batch: 64"),
    corrected: Example(),
    why: "Only one of the two values could be meant.")

  public static let missingEntry = Code(
    227, "missing_entry", traits: [.absence],
    summary: "A setting that has no default is not given.",
    meaning: "A setting without a default is not given.",
    failing: Example(settings: ["rate": nil]),
    corrected: Example(),
    why: "drnc has no silent defaults for what decides the result.")

  public static let unreadEntry = Code(
    228, "unread_entry", traits: [.absence],
    summary: "A setting has no effect in this program.",
    meaning: "A setting is given that has no effect in this program.",
    failing: Example(train: "state: carry"),
    corrected: .fc1("from epoch 0: factored(rank: 64)", "from epoch 5: dense", train: "state: carry"),
    why: "Who wrote it expects an effect.")

  public static let selectorWithoutMatrix = Code(
    230, "selector_without_matrix", traits: [.disagreement],
    summary: "A selector matches only layers without a matrix.",
    meaning: "The selectors of a clause match layers, but none that has a weight matrix.",
    failing: Example(
      network: "return image |> flatten |> fc1: linear(256) |> act: relu |> fc2: linear(10)",
      train: """
        weights act {
          from epoch 0: factored(rank: 64)
        }
        """
    ),
    corrected: Example(
      network: "return image |> flatten |> fc1: linear(256) |> act: relu |> fc2: linear(10)",
      train: """
        weights fc1 {
          from epoch 0: factored(rank: 64)
        }
        """
    ),
    why: "Only matrices have forms; biases and norms do not.")
}
