import ArgumentParser
import DrnDriver

struct Methods: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists the vocabulary: layers, parameterizations, transitions, updates, losses, rates, events.")

  @Argument(help: "One word to show with its options.")
  var name: String?
  @Flag(help: "Prints the matrix of transitions between all parameterizations.")
  var transitions = false
  @Flag(help: "Prints JSON.")
  var json = false
  @OptionGroup var output: DiagnosticOptions

  func validate() throws { if name != nil && transitions { throw ValidationError("Give a word or --transitions, not both.") } }

  func run() throws { try output.finish { transitions ? $0.printTransitions(json: json) : $0.printMethods(name, json: json) } }
}
