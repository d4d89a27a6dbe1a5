import ArgumentParser
import DrnDriver

struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Takes initial weights from a file of another program.",
    discussion:
      "Without FILE.drn it lists the tensors of the model. With it, it says which of them is which of the network, by names and shapes, and writes a file for `weights_from`."
  )

  @Argument(
    help: "The weights: a file of safetensors, or a model of ONNX whose name ends in .onnx.",
    completion: .file(extensions: ["safetensors", "onnx"]))
  var model: String
  @Argument(help: "The program whose network is to have them.", completion: .file(extensions: ["drn"]))
  var file: String?
  @OptionGroup var changes: ChangeOptions
  @Option(
    name: [.customLong("output"), .customShort("o")], help: "The file to write; by default NETWORK.initial.safetensors beside FILE.drn.")
  var output: String?
  @Option(
    name: .customLong("map"),
    help: ArgumentHelp(
      "Says that a layer, or a tensor, of the network is one of the model; may be given again.", valueName: "here=there"))
  var pairs: [String] = []
  @Flag(help: "Leaves out tensors of the model without a place, and layers of the network that it has nothing for.")
  var partial = false
  @Flag(help: "Takes layers of equal sizes in their order, where nothing else tells them apart.")
  var byOrder = false
  @Flag(help: "Prints JSON.")
  var json = false
  @OptionGroup var diagnostics: DiagnosticOptions

  func validate() throws {
    if file == "-" { throw ValidationError("Name a file: the weights are written beside the program.") }
    if file == nil, output != nil || !pairs.isEmpty || partial || byOrder {
      throw ValidationError("Give the program whose network is to have the weights.")
    }
  }

  func run() throws {
    let request = ImportRequest(
      model: model, program: file.map { changes.request($0) }, output: output, pairs: pairs, isPartial: partial, takesOrder: byOrder,
      printsJSON: json)
    try diagnostics.finish { $0.importWeights(request) }
  }
}
