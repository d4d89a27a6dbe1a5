extension Page {
  /// The pages of codes DRN0201 to DRN0215.
  static let methodNames: [Page] = [
    Page(
      .unknownName,
      meaning: "A name is used where nothing of that name is declared.",
      failing: Example(
        network: """
          let hidden = image |> flatten |> fc1: linear(256) |> relu
          return hiden |> fc2: linear(10)
          """
      ),
      corrected: Example(
        network: """
          let hidden = image |> flatten |> fc1: linear(256) |> relu
          return hidden |> fc2: linear(10)
          """
      ),
      why: "A word that means nothing would be read as an option."),
    Page(
      .unknownLayer,
      meaning: "A stage of a pipeline is called like no layer of the language and no block of the file.",
      failing: Example(network: "return image |> flatten |> fc1: linaer(10)"),
      corrected: Example(network: "return image |> flatten |> fc1: linear(10)"),
      why: "Only layers and blocks can be applied to a tensor."),
    Page(
      .unknownMethod,
      meaning: "A form, loss, optimizer, learning rate, event, transition or kind of data is named that the language does not have.",
      failing: Example(settings: ["optimizer": "sdg(momentum: 0.9)"]),
      corrected: Example(settings: ["optimizer": "sgd(momentum: 0.9)"]),
      why: "The nearest name may be another method, so drnc does not guess."),
    Page(
      .unknownOption,
      meaning: "A call names an option its method does not have.",
      failing: Example(settings: ["optimizer": "sgd(momentun: 0.9)"]),
      corrected: Example(settings: ["optimizer": "sgd(momentum: 0.9)"]),
      why: "An option that nothing reads would silently run another experiment."),
    Page(
      .duplicateOption,
      meaning: "A call gives the same option twice.",
      failing: Example(settings: ["optimizer": "sgd(momentum: 0.9, momentum: 0.5)"]),
      corrected: Example(settings: ["optimizer": "sgd(momentum: 0.9)"]),
      why: "Only one of the two values could be meant."),
    Page(
      .missingOption,
      meaning: "A call leaves out an option that has no default.",
      failing: .fc1("from epoch 0: factored()"),
      corrected: .fc1("from epoch 0: factored(rank: 64)"),
      why: "There is no value that would be right for everyone."),
    Page(
      .optionKind,
      meaning: "An option has a value of another kind than it takes.",
      failing: Example(network: "return image |> flatten |> fc1: linear(10, bias: 0)"),
      corrected: Example(network: "return image |> flatten |> fc1: linear(10, bias: false)"),
      why: "A number read as something else would run another experiment."),
    Page(
      .optionRange,
      meaning: "An option has a value outside the range in which its method works.",
      failing: Example(settings: ["optimizer": "sgd(momentum: 1.5)"]),
      corrected: Example(settings: ["optimizer": "sgd(momentum: 0.5)"]),
      why: "Outside its range a method diverges or means something else."),
    Page(
      .surplusArgument,
      meaning: "A call has more arguments without a name than its method takes.",
      failing: Example(network: "return image |> flatten |> fc1: linear(10, false)"),
      corrected: Example(network: "return image |> flatten |> fc1: linear(10, bias: false)"),
      why: "Options beyond the first are named, so that a reader knows which they are."),
    Page(
      .duplicateDeclaration,
      meaning: "Two blocks, two networks or two data sets have one name.",
      failing: Example(
        blocks: """
          block wide(x: tensor, width: int) {
            return x |> fc: linear(width) |> relu
          }
          block wide(x: tensor, width: int) {
            return x |> fc: linear(width) |> relu
          }
          """, network: "return image |> flatten |> hidden: wide(256) |> fc2: linear(10)"
      ),
      corrected: Example(
        blocks: """
          block wide(x: tensor, width: int) {
            return x |> fc: linear(width) |> relu
          }
          block narrow(x: tensor, width: int) {
            return x |> fc: linear(width) |> relu
          }
          """, network: "return image |> flatten |> hidden: wide(256) |> last: narrow(64) |> fc2: linear(10)"
      ),
      why: "Only one of them could be meant where the name is used."),
    Page(
      .duplicateLabel,
      meaning: "Two layers of one block, group or network have the same label.",
      failing: Example(network: "return image |> flatten |> fc1: linear(256) |> relu |> fc1: linear(10)"),
      corrected: Example(network: "return image |> flatten |> fc1: linear(256) |> relu |> fc2: linear(10)"),
      why: "Their weights would be saved under one name."),
    Page(
      .recursiveBlock,
      meaning: "A block calls itself, directly or through other blocks.",
      failing: Example(
        blocks: """
          block deep(x: tensor) {
            return x |> fc: linear(64) |> inner: deep
          }
          """, network: "return image |> flatten |> body: deep |> fc2: linear(10)"
      ),
      corrected: Example(
        blocks: """
          block deep(x: tensor) {
            return x |> fc: linear(64) |> relu
          }
          """, network: "return image |> flatten |> body: repeat(3) { deep } |> fc2: linear(10)"
      ),
      why: "Unfolding it would never end."),
    Page(
      .unknownDeclaration,
      meaning: "`train` names a network or data set that no file declares.",
      failing: Example(trainedOn: "digit"),
      corrected: Example(),
      why: "There is nothing to train, or nothing to train it on."),
    Page(
      .shapeMismatch,
      meaning: "A layer cannot take the tensor it is given.",
      failing: Example(
        network: """
          return image
            |> fc1: linear(10)
          """
      ),
      corrected: Example(
        network: """
          return image
            |> flatten
            |> fc1: linear(10)
          """
      ),
      why: "The first step would fail."),
    Page(
      .resultShape,
      meaning: "A network returns, or a block is given, a tensor of another shape than declared.",
      failing: Example(network: "return image |> flatten |> fc1: linear(12)"),
      corrected: Example(network: "return image |> flatten |> fc1: linear(10)"),
      why: "The declaration is what readers and other files rely on."),
  ]
}
