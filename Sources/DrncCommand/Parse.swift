import ArgumentParser
import DrnDriver

struct Parse: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints the syntax tree of .drn files.",
    discussion: "A file with syntax errors has a tree as well; exits 1 if there was one.")

  @Argument(help: "The .drn files; - reads standard input.", completion: .file(extensions: ["drn"]))
  var files: [String]
  @OptionGroup var output: DiagnosticOptions
  @Flag(help: "Prints one JSON object a file, each on a line of its own.")
  var json = false

  func run() throws { try output.finish { $0.printTree(files, asJSON: json) } }
}
