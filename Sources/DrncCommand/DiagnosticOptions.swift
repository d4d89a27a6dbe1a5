import ArgumentParser
import DrnDriver

/// How diagnostics look; shared by all commands that read a program.
struct DiagnosticOptions: ParsableArguments {
  @Option(help: "How diagnostics are printed: terminal, plain, json, sarif, github.")
  var diagnostics: Console.Format = .terminal

  @Option(help: "Colour in diagnostics: auto, always, never.")
  var color: Console.ColorChoice = .auto

  @Flag(help: "Draws diagnostics without box characters; the default where the locale is not UTF-8.")
  var ascii = false

  /// Ends the process with the status of a finished command.
  func finish(_ command: (Driver) -> ExitStatus) throws {
    let driver = Driver(console: Console(format: diagnostics, color: color, ascii: ascii))
    let status = driver.console.settled(command(driver))
    if status != .success { throw ExitCode(status.rawValue) }
  }
}

/// Which lints are reported, and how; shared by the commands that check a program.
struct LintOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Silences a lint.", valueName: "lint"))
  var allow: [String] = []

  @Option(help: ArgumentHelp("Makes a lint a warning.", valueName: "lint"))
  var warn: [String] = []

  @Option(help: ArgumentHelp("Makes a lint an error; `warnings` stands for every warning.", valueName: "lint"))
  var deny: [String] = []

  var request: LintRequest { LintRequest(allowed: allow, warned: warn, denied: deny) }
}

/// On how many threads the network runs, or would run; shared by the commands that run or price it.
struct ThreadOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: "Threads; by default one per processor.")
  var threads: Int?

  func validate() throws {
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads takes a number from 1 to 1024, not \(threads).") }
  }

  var count: Int { threads ?? Driver.processors }
}

extension Console.Format: ExpressibleByArgument {}
extension Console.ColorChoice: ExpressibleByArgument {}
