import ArgumentParser
import DrnDriver

struct New: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Writes a commented model to start from.")

  @Argument(help: "The file to create, such as mine.drn.")
  var file: String
  @OptionGroup var output: DiagnosticOptions

  func run() throws { try output.finish { $0.newModel(file) } }
}
