import ArgumentParser
import DrnDriver

struct DumpIR: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dump-ir", abstract: "Prints the intermediate representation of a phase or transition at any stage.")

  @OptionGroup var program: ProgramOptions
  @OptionGroup var output: DiagnosticOptions

  @Option(help: "The phase, from 0.")
  var phase: Int?
  @Option(help: "lowered, gradients, optimized, or plan.")
  var stage: DumpStage = .lowered
  @Option(help: ArgumentHelp("The phase at a moment: \"step 2500\", \"epoch 12\".", valueName: "moment"))
  var at: String?
  @Option(help: ArgumentHelp("The transition between two adjacent phases: 0:1.", valueName: "A:B"))
  var transition: String?

  func run() throws {
    try finish(output.driver.dumpIR(program.request, DumpRequest(phase: phase, stage: stage, moment: at, transition: transition)))
  }
}
