import ArgumentParser
import DrnDriver

struct Graph: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draws the network with shapes, forms and ranks.",
    discussion: "Equal blocks that follow each other are drawn once. Of a run the ranks are those it had at the end of the phase.")

  @Argument(help: "The .drn file or the run folder; - reads standard input.", completion: .file())
  var file: String
  @OptionGroup var changes: ChangeOptions
  @Option(help: "The language of the drawing: svg, dot.")
  var to: GraphRequest.Format = .svg
  @Option(parsing: .unconditional, help: "The phase, from 0; by default the first of a program and the last of a run.")
  var phase: Int?
  @Option(name: [.customLong("output"), .customShort("o")], help: "The file; by default standard output.")
  var target: String?
  @OptionGroup var output: DiagnosticOptions

  func run() throws {
    try output.finish { $0.graph(GraphRequest(program: changes.request(file), format: to, phase: phase, output: target)) }
  }
}

extension GraphRequest.Format: ExpressibleByArgument {}
