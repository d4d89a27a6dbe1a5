import ArgumentParser
import DrnDriver

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Explains a diagnostic code, with an example and its correction.")

  @Argument(help: "A code, such as DRN0301, or its name, such as rank_too_small.")
  var code: String?
  @Flag(help: "Lists every code with its name, severity and meaning.")
  var list = false
  @Option(help: "How pages are printed: text, markdown.")
  var format: PageFormat = .text
  @Flag(help: "Prints JSON.")
  var json = false
  @OptionGroup var output: DiagnosticOptions

  func validate() throws { if (code == nil) != list { throw ValidationError("Give a code, or --list.") } }

  func run() throws {
    try output.finish { list ? $0.listCodes(format: format, json: json) : $0.explain(code ?? "", format: format, json: json) }
  }
}

extension PageFormat: ExpressibleByArgument {}
