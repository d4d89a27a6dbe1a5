import ArgumentParser
import DrnDriver

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Proves the schedule sound and prices it, without running a step.",
    discussion: "Exits 0 when the program has no errors, 1 otherwise. Works without the data being present.")

  @OptionGroup var program: ProgramOptions
  @OptionGroup var lints: LintOptions
  @OptionGroup var team: ThreadOptions
  @OptionGroup var output: DiagnosticOptions

  @Flag(help: "Prints what every phase costs, relative to the dense network.")
  var cost = false
  @Option(
    parsing: .unconditional,
    help: "With --cost: what a step adds over so many devices, 2 to 4096, that divide its examples; `require: traffic` counts for them too."
  )
  var devices: Int?
  @Flag(help: "With --cost and --devices: the optimizer state that each device has where it is divided over them.")
  var shardState = false
  @Flag(help: "Prints the phases: forms, ranks and learning rate over time.")
  var schedule = false
  @Flag(help: "Prints which layers every selector matches.")
  var selectors = false
  @Flag(help: "Prints what is asked for as one JSON object.")
  var json = false

  func validate() throws {
    if let devices, !(2...4096).contains(devices) { throw ValidationError("--devices takes a number from 2 to 4096") }
    if shardState, devices == nil || !cost { throw ValidationError("--shard-state goes with --cost and --devices") }
  }

  func run() throws {
    let request = CheckRequest(
      program: program.request.with(lints.request), cost: cost, schedule: schedule, selectors: selectors, threads: team.count,
      printsJSON: json, devices: devices, dividesState: shardState)
    try output.finish { $0.check(request) }
  }
}
