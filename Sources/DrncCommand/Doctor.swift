import ArgumentParser
import DrnDriver

struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Says what machine, libraries and speed there are, and what is in their way.",
    discussion: "Measures for about a second. Each thing that is off has one line of advice; the status is 0 all the same.")

  @Flag(help: "Prints JSON.")
  var json = false
  @OptionGroup var output: DiagnosticOptions

  func run() throws { try output.finish { $0.doctor(json: json) } }
}
