import ArgumentParser
import DrnDriver

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains the network and writes a run folder.",
    discussion:
      "The folder holds the source, the resolved settings, the log, the weights and a summary. Ctrl-C stops cleanly after the current step."
  )

  @Argument(
    help: "The .drn file; - reads standard input. With --resume DIR it may be left out: the run has kept its own.",
    completion: .file(extensions: ["drn"]))
  var file: String?
  @OptionGroup var changes: ChangeOptions
  @OptionGroup var lints: LintOptions
  @OptionGroup var output: DiagnosticOptions

  @Option(help: ArgumentHelp("Stops early, leaving the schedule as it is: \"3 epochs\", \"200 steps\".", valueName: "duration"))
  var stopAfter: String?
  @OptionGroup var team: ThreadOptions
  @Option(name: [.customLong("output"), .customShort("o")], help: "The run folder; by default runs/NETWORK-N.", completion: .directory)
  var folder: String?
  @Option(
    help: ArgumentHelp("From one checkpoint to the next: 5 (epochs), \"10 minutes\"; 0 writes none.", valueName: "interval"))
  var checkpointEvery = "1"
  @Option(
    help: ArgumentHelp("Goes on from the last checkpoint of a run folder, or of the latest run: DIR or `latest`.", valueName: "folder"),
    completion: .directory)
  var resume: String?
  @Option(
    help: ArgumentHelp(
      "What runs the steps: cpu, drnc itself; jax, XLA in a process of Python; pjrt:PATH, XLA by the plugin at that path, without Python.",
      valueName: "engine"))
  var engine = EngineRequest.Name.cpu
  @Option(
    parsing: .unconditional,
    help: "With another engine: over how many devices of this process a batch is divided, 1 to 4096; by default all accelerators, or one.")
  var devices: Int?
  @Flag(help: "With another engine: each device has its own part of the optimizer state, not the whole.")
  var shardState = false
  @Flag(help: "With --resume: goes on though another engine, or another number of devices, has begun the run.")
  var acceptEngine = false
  @Flag(help: "Shows the page of the run in a browser of this machine while it goes on, and prints where.")
  var live = false
  @Option(help: ArgumentHelp("The port of that page, which then is shown; by default one that is free.", valueName: "port"))
  var livePort: Int?
  @Flag(help: "Stops as at SIGTERM when standard input ends: for a program that starts runs and may itself be killed.")
  var stopWithInput = false
  @Flag(help: "Prints nothing but errors.")
  var quiet = false
  @Flag(help: "Prints every log record to standard output as a line of JSON.")
  var json = false

  func validate() throws {
    if file == nil, resume == nil { throw ValidationError("Give a file, or --resume DIR to go on with a run.") }
    if file == nil, resume == "latest" { throw ValidationError("Give a file: --resume latest takes the last run of its network.") }
    if file == "-", stopWithInput { throw ValidationError("With --stop-with-input, name a file: standard input is not the program.") }
    if let livePort, !(1...65_535).contains(livePort) {
      throw ValidationError("--live-port takes a number from 1 to 65535, not \(livePort).")
    }
    if live, quiet, livePort == nil { throw ValidationError("With --quiet, give --live-port: where the page is would not be printed.") }
    if engine == .cpu, devices != nil { throw ValidationError("--devices goes with --engine jax or pjrt:PATH.") }
    if engine == .cpu, shardState { throw ValidationError("--shard-state goes with --engine jax or pjrt:PATH.") }
    if let devices, !(1...4096).contains(devices) { throw ValidationError("--devices takes a number from 1 to 4096.") }
    if acceptEngine, resume == nil { throw ValidationError("--accept-engine goes with --resume.") }
    if resume != nil, folder != nil { throw ValidationError("--resume goes on in the folder of the run; leave out --output.") }
  }

  func run() throws {
    var request = TrainRequest(
      program: changes.request(file ?? "").with(lints.request), stopAfter: stopAfter, threads: team.count, folder: folder,
      checkpointEvery: checkpointEvery,
      resume: resume, isQuiet: quiet, printsJSON: json)
    request.livePort = livePort ?? (live ? 0 : nil)
    request.stopsWithInput = stopWithInput
    request.engine = EngineRequest(name: engine, devices: devices, acceptsOther: acceptEngine, dividesState: shardState)
    let asked = request
    try output.finish { $0.train(asked) }
  }
}

extension EngineRequest.Name: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
  public var defaultValueDescription: String { "cpu" }
  public static var allValueStrings: [String] { ["cpu", "jax", "pjrt:PATH"] }
}
