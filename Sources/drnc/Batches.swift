import ArgumentParser
import DrnDriver

struct Batches: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes what the first steps of a run are fed.",
    discussion:
      "Features as the network sees them, prepared and augmented, with labels, by step: for training on the same batches elsewhere.")

  @OptionGroup var program: ProgramOptions
  @Option(parsing: .unconditional, help: "How many steps, from the first.")
  var steps = 50
  @Option(
    name: [.customLong("output"), .customShort("o")], help: "The file of safetensors; by default NETWORK.batches.safetensors.",
    completion: .file(extensions: ["safetensors"]))
  var file: String?
  @OptionGroup var output: DiagnosticOptions

  func validate() throws {
    if !(1...1_000_000).contains(steps) { throw ValidationError("--steps takes a number from 1 to 1000000, not \(steps).") }
  }

  func run() throws { try output.finish { $0.batches(program.request, steps: steps, output: file) } }
}
