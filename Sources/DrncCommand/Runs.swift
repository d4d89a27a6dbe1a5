import ArgumentParser
import DrnDriver
import DrnReport

struct Runs: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists runs beside each other, with their losses and ranks over time.",
    discussion:
      "Runs are looked for in each folder and in the folders in it. In a narrow terminal the columns that matter least are left out.")

  @Argument(help: "Folders of runs, or runs; by default runs.", completion: .directory)
  var folders: [String] = []
  @Option(help: "What the runs are sorted by: name, accuracy, loss, parameters, epochs, time; the best first.")
  var sort: RunTable.Order = .name
  @Flag(help: "Prints JSON.")
  var json = false
  @OptionGroup var output: DiagnosticOptions

  func run() throws { try output.finish { $0.listRuns(folders, order: sort, json: json) } }
}

extension RunTable.Order: ExpressibleByArgument {}
