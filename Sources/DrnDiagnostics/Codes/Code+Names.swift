/// Names, and what declares them.
extension Code {
  public static let unknownName = Code(
    201, "unknown_name", traits: [.hidesUses],
    summary: "A name is used that nothing declares.",
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
    why: "A word that means nothing would be read as an option.")

  public static let unknownLayer = Code(
    202, "unknown_layer",
    summary: "A stage names neither a layer nor a block.",
    meaning: "A stage of a pipeline is called like no layer of the language and no block of the file.",
    failing: Example(network: "return image |> flatten |> fc1: linaer(10)"),
    corrected: Example(network: "return image |> flatten |> fc1: linear(10)"),
    why: "Only layers and blocks can be applied to a tensor.")

  public static let unknownMethod = Code(
    203, "unknown_method",
    summary: "A form, loss, optimizer, rate, event or source has no such method.",
    meaning: "A form, loss, optimizer, learning rate, event, transition or kind of data is named that the language does not have.",
    failing: Example(settings: ["optimizer": "sdg(momentum: 0.9)"]),
    corrected: Example(settings: ["optimizer": "sgd(momentum: 0.9)"]),
    why: "The nearest name may be another method, so drnc does not guess.")

  public static let duplicateDeclaration = Code(
    210, "duplicate_declaration",
    summary: "Two declarations of one kind have the same name.",
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
    why: "Only one of them could be meant where the name is used.")

  public static let duplicateLabel = Code(
    211, "duplicate_label",
    summary: "Two layers of one scope have the same name.",
    meaning: "Two layers of one block, group or network have the same label.",
    failing: Example(network: "return image |> flatten |> fc1: linear(256) |> relu |> fc1: linear(10)"),
    corrected: Example(network: "return image |> flatten |> fc1: linear(256) |> relu |> fc2: linear(10)"),
    why: "Their weights would be saved under one name.")

  public static let unknownDeclaration = Code(
    213, "unknown_declaration", traits: [.disagreement, .hidesUses],
    summary: "A network or data set is named that no file declares.",
    meaning: "`train` names a network or data set that no file declares.",
    failing: Example(trainedOn: "digit"),
    corrected: Example(),
    why: "There is nothing to train, or nothing to train it on.")
}
