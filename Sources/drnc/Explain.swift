import ArgumentParser
import DrnDriver

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Explains a diagnostic code, with an example and its correction.")

  @Argument(help: "A code, such as DRN0301, or the name of a lint.")
  var code: String?
  @Flag(help: "Lists every code.")
  var list = false
  @OptionGroup var output: DiagnosticOptions

  func validate() throws { if (code == nil) != list { throw ValidationError("Give a code, or --list.") } }

  func run() throws { try output.finish { list ? $0.listCodes() : $0.explain(code ?? "") } }
}
