import ArgumentParser
import DrnDriver

struct WriteReport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Writes what a training did as one HTML page, or several laid over each other.",
    discussion: "The page holds everything in it and loads nothing. Works while a run is under way.")

  @Argument(help: "The run folders.", completion: .directory)
  var runs: [String]
  @Option(help: "What is written: html, or tensorboard for event files.")
  var to: ReportRequest.Format = .html
  @Option(
    name: [.customLong("output"), .customShort("o")],
    help: "The file, by default report.html, - for standard output; of event files the folder, by default tensorboard.")
  var target: String?
  @OptionGroup var output: DiagnosticOptions

  func validate() throws {
    if runs.isEmpty { throw ValidationError("Give a run folder.") }
    if to == .tensorboard, target == "-" { throw ValidationError("Event files are written into a folder, not to standard output.") }
  }

  func run() throws { try output.finish { $0.report(ReportRequest(runs: runs, format: to, output: target)) } }
}

extension ReportRequest.Format: ExpressibleByArgument {}
