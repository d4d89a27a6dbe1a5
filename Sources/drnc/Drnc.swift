import ArgumentParser
import DrnDriver
import DrnSystem

@main
struct Drnc: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drnc",
    abstract: "A compiler for training neural networks whose rank changes.",
    version: Driver.version,
    subcommands: [
      Check.self, Fix.self, Train.self, Sweep.self, Evaluate.self, Predict.self, Sample.self, Inspect.self, Export.self, Import.self,
      Batches.self,
      WriteReport.self, Runs.self, Graph.self, DumpIR.self, Parse.self, Format.self, Explain.self, New.self, Methods.self, Benchmark.self,
      Doctor.self,
      Manual.self, ServeEditor.self,
    ])

  /// The argument parser takes an unknown subcommand for a stray argument; the nearest name helps more.
  static func main() {
    StandardDescriptors.fillClosed()
    let arguments = Array(CommandLine.arguments.dropFirst())
    let names = configuration.subcommands.map { $0.configuration.commandName ?? String(describing: $0).lowercased() }
    if let status = Driver(console: Console()).refuseUnknownCommand(arguments, commands: names) {
      exit(withError: ExitCode(status.rawValue))
    }
    main(arguments)
  }
}

/// A program, with what the command line changes in it.
struct ProgramOptions: ParsableArguments {
  @Argument(help: "The .drn file; - reads standard input.", completion: .file(extensions: ["drn"]))
  var file: String

  @OptionGroup var changes: ChangeOptions

  var request: ProgramRequest { changes.request(file) }
}

/// What the command line changes in a program.
struct ChangeOptions: ParsableArguments {
  @Argument(help: "Which training of the file, where it has several: that of the network mlp, or mlp[1] for its second.")
  var training: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Overrides a setting, an option, a rank or a width: train.length=3epochs, train.weights[fc1].rank=8.", valueName: "name=value"))
  var overrides: [String] = []

  @Option(help: ArgumentHelp("Scales every time in the program, as 1/50.", valueName: "ratio"))
  var shorten: String?

  @Option(parsing: .unconditional, help: "Overrides the seed.")
  var seed: UInt64?

  func request(_ file: String) -> ProgramRequest {
    ProgramRequest(path: file, training: training, overrides: overrides, shorten: shorten, seed: seed)
  }
}

extension DumpStage: ExpressibleByArgument {}
