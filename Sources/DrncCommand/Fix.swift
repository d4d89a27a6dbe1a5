import ArgumentParser
import DrnDriver

struct Fix: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Applies the fixes of diagnostics to a .drn file.",
    discussion: """
      Applies safe fixes until none is left, in place and at once, and prints each of them. Exits 0 when no error is left, 1 otherwise; \
      with --dry-run also 1 when something would change.
      """)

  @Argument(help: "The .drn file; - reads standard input and writes standard output.", completion: .file(extensions: ["drn"]))
  var file: String
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Fixes what is a problem under this setting, which itself is not written: train.length=3epochs.", valueName: "name=value"))
  var overrides: [String] = []
  @Flag(help: "Also applies fixes that may not be what was meant.")
  var unsafe = false
  @Flag(help: "Changes nothing; prints what would change as a unified diff.")
  var dryRun = false
  @OptionGroup var lints: LintOptions
  @OptionGroup var output: DiagnosticOptions

  func run() throws {
    let request = FixRequest(
      program: ProgramRequest(path: file, overrides: overrides).with(lints.request), takesUnsafe: unsafe, isDryRun: dryRun)
    try output.finish { $0.fix(request) }
  }
}
