import ArgumentParser
import DrnDriver

struct Format: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "fmt", abstract: "Lays out .drn files in the canonical style.")

  @Argument(help: "Files to format in place; - reads standard input and writes standard output.", completion: .file(extensions: ["drn"]))
  var files: [String]
  @OptionGroup var output: DiagnosticOptions
  @Flag(help: "Changes nothing; exits 1 if a file is not in the canonical style.")
  var check = false

  func run() throws { try output.finish { $0.format(files, checkOnly: check) } }
}
