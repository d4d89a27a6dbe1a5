extension Page {
  /// The pages of codes DRN0216 to DRN0299.
  static let layerNames: [Page] = [
    Page(
      .parameterType,
      meaning: "A block is given an argument of another type than its parameter is declared with.",
      failing: Example(
        blocks: """
          block wide(x: tensor, width: int) {
            return x |> fc: linear(width) |> relu
          }
          """, network: "return image |> flatten |> hidden: wide(0.5) |> fc2: linear(10)"
      ),
      corrected: Example(
        blocks: """
          block wide(x: tensor, width: int) {
            return x |> fc: linear(width) |> relu
          }
          """, network: "return image |> flatten |> hidden: wide(64) |> fc2: linear(10)"
      ),
      why: "A width must be an integer, a condition true or false."),
    Page(
      .divisionByZero,
      meaning: "A constant is divided by zero.",
      failing: Example(network: "return image |> flatten |> fc1: linear(512 div 0) |> fc2: linear(10)"),
      corrected: Example(network: "return image |> flatten |> fc1: linear(512 div 2) |> fc2: linear(10)"),
      why: "There is no such number."),
    Page(
      .numberOverflow,
      meaning: "A number of the source does not fit into 64 bits.",
      failing: Example(network: "return image |> flatten |> fc1: linear(9999999999999999999) |> fc2: linear(10)"),
      corrected: Example(network: "return image |> flatten |> fc1: linear(999) |> fc2: linear(10)"),
      why: "A number that wraps around would be another number."),
    Page(
      .operandKind,
      meaning: "An operator stands beside a value it does not work on.",
      failing: Example(network: "return image |> flatten |> fc1: linear(256 + true) |> fc2: linear(10)"),
      corrected: Example(network: "return image |> flatten |> fc1: linear(256 + 1) |> fc2: linear(10)"),
      why: "Only numbers can be computed with, and only tensors added."),
    Page(
      .missingReturn,
      meaning: "A block or network has no `return`, or returns no tensor.",
      failing: Example(network: "let hidden = image |> flatten |> fc1: linear(10)"),
      corrected: Example(network: "return image |> flatten |> fc1: linear(10)"),
      why: "What it computes would be lost."),
    Page(
      .unknownType,
      meaning: "A parameter or result is declared with a type the language does not have.",
      failing: Example(
        blocks: """
          block wide(x: tensor, width: integer) {
            return x |> fc: linear(width) |> relu
          }
          """, network: "return image |> flatten |> hidden: wide(256) |> fc2: linear(10)"
      ),
      corrected: Example(
        blocks: """
          block wide(x: tensor, width: int) {
            return x |> fc: linear(width) |> relu
          }
          """, network: "return image |> flatten |> hidden: wide(256) |> fc2: linear(10)"
      ),
      why: "The types are `tensor`, `int`, `float` and `bool`."),
    Page(
      .networkTooLarge,
      meaning: "A network unfolds into more layers, or is nested more deeply, than drnc accepts.",
      failing: Example(network: "return image |> flatten |> body: repeat(100000) { relu |> relu } |> fc1: linear(10)"),
      corrected: Example(network: "return image |> flatten |> body: repeat(3) { relu |> relu } |> fc1: linear(10)"),
      why: "Such a program is nearly always a slip, and would exhaust the memory."),
    Page(
      .unmatchedSelector,
      meaning: "A selector matches no layer of the network.",
      failing: Example(
        train: """
          weights f1 {
            from epoch 0: factored(rank: 64)
          }
          """
      ),
      corrected: .fc1("from epoch 0: factored(rank: 64)"),
      why: "A clause that concerns nothing would silently train something else."),
    Page(
      .claimedTwice,
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
      why: "Only one of them could hold."),
    Page(
      .unknownEntry,
      meaning: "A declaration or clause has an entry that nothing reads.",
      failing: Example(train: "lenght: 5 epochs"),
      corrected: Example(),
      why: "An entry that is ignored would silently run another experiment."),
    Page(
      .duplicateEntry,
      meaning: "A setting is given twice.",
      failing: Example(train: "batch: 64"),
      corrected: Example(),
      why: "Only one of the two values could be meant."),
    Page(
      .missingEntry,
      meaning: "A setting without a default is not given.",
      failing: Example(settings: ["rate": nil]),
      corrected: Example(),
      why: "drnc has no silent defaults for what decides the result."),
    Page(
      .unreadEntry,
      meaning: "A setting is given that has no effect in this program.",
      failing: Example(train: "state: carry"),
      corrected: .fc1("from epoch 0: factored(rank: 64)", "from epoch 5: dense", train: "state: carry"),
      why: "Who wrote it expects an effect."),
    Page(
      .notATensor,
      meaning: "A constant stands where a tensor is needed, or a tensor where a constant is.",
      failing: Example(network: "return 3 |> fc1: linear(10)"),
      corrected: Example(network: "return image |> flatten |> fc1: linear(10)"),
      why: "A pipeline carries tensors, options are constants."),
    Page(
      .selectorWithoutMatrix,
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
      why: "Only matrices have forms; biases and norms do not."),
  ]
}
