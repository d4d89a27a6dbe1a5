import ArgumentParser
import DrnDriver

struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows what a run, a checkpoint or another safetensors file holds.",
    discussion:
      "Lists tensors with types and shapes, the forms and ranks of a network's weights, a summary of singular values, and where it all comes from."
  )

  @Argument(help: "A run folder, a checkpoint or another safetensors file.", completion: .file())
  var file: String
  @Flag(inversion: .prefixedNo, help: "Computes singular values.")
  var spectra = true
  @OptionGroup var team: ThreadOptions
  @Flag(help: "Prints JSON.")
  var json = false
  @OptionGroup var output: DiagnosticOptions

  func run() throws {
    try output.finish { $0.inspect(file, withSpectra: spectra, threads: team.count, printsJSON: json) }
  }
}
