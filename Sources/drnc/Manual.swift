import ArgumentParser
import DrnDriver

struct Manual: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prints the manual page.",
    discussion:
      "For `man`: drnc manual > drnc.1. Completions of a shell are printed by drnc --generate-completion-script bash, zsh or fish.")

  @OptionGroup var output: DiagnosticOptions

  func run() throws { try output.finish { $0.printManual(Drnc._dumpHelp()) } }
}
