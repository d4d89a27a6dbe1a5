import ArgumentParser
import DrnDriver

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a trained network for another system.",
    discussion:
      "Reads the folder of a run and leaves it as it is. The file holds the forward pass as it is deployed: no dropout, running statistics."
  )

  @Argument(help: "The folder of the run.", completion: .directory)
  var folder: String
  @Option(help: "onnx, pytorch, safetensors, or npz.")
  var to: ExportFormat
  @Option(name: [.customLong("output"), .customShort("o")], help: "The file; by default the network's name in the current folder.")
  var output: String?
  @Flag(help: "Multiplies the factors of every weight; refused where that changes an output by more than 1e-4 of the largest one.")
  var merge = false
  @Option(parsing: .unconditional, help: "The phase whose weights are written, from 0; by default that of the weights the run saved.")
  var phase: Int?
  @Flag(help: "Leaves out what prepares raw values: the file takes prepared ones.")
  var noPreparation = false
  @OptionGroup var team: ThreadOptions
  @OptionGroup var diagnostics: DiagnosticOptions

  func run() throws {
    let request = ExportRequest(
      run: folder, format: to, output: output, merges: merge, phase: phase, prepares: !noPreparation, threads: team.count)
    try diagnostics.finish { $0.export(request) }
  }
}

extension ExportFormat: ExpressibleByArgument {}
