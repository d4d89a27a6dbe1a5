import ArgumentParser
import DrnDriver

struct DumpIR: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dump-ir", abstract: "Prints the intermediate representation of a phase or transition at any stage.")

  @OptionGroup var program: ProgramOptions
  @OptionGroup var team: ThreadOptions
  @OptionGroup var output: DiagnosticOptions

  @Option(parsing: .unconditional, help: "The phase, from 0.")
  var phase: Int?
  @Option(help: "lowered, gradients, portable, optimized, or plan.")
  var stage: DumpStage = .lowered
  @Option(help: ArgumentHelp("The phase at a moment: \"step 2500\", \"epoch 12\".", valueName: "moment"))
  var at: String?
  @Option(help: ArgumentHelp("The transition between two adjacent phases: 0:1.", valueName: "A:B"))
  var transition: String?

  func validate() throws {
    let given = [phase.map { _ in "--phase" }, at.map { _ in "--at" }, transition.map { _ in "--transition" }].compactMap { $0 }
    if given.count > 1 { throw ValidationError("\(given.joined(separator: " and ")) cannot be given together.") }
  }

  func run() throws {
    let request = DumpRequest(phase: phase, stage: stage, moment: at, transition: transition, threads: team.count)
    try output.finish { $0.dumpIR(program.request, request) }
  }
}
