import ArgumentParser
import DrnDriver

struct Sweep: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains one program at every combination of settings and seeds, and compares them in one table.",
    discussion: """
      Each run has a folder of its own below that of the sweep. The same command goes on where the last was ended, by whatever: what is \
      finished is not repeated. A comma within brackets or quotes belongs to a value: --set train.optimizer='adam(beta1: 0.9, beta2: 0.99),sgd()'.
      """)

  @Argument(help: "The .drn file.", completion: .file(extensions: ["drn"]))
  var file: String
  @Argument(help: "Which training of the file, where it has several: that of the network mlp, or mlp[1] for its second.")
  var training: String?
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("A setting, as of `drnc train`, with its values; all are combined: train.rate=0.1,0.01.", valueName: "name=v1,v2"))
  var axes: [String] = []
  @Option(help: ArgumentHelp("How many seeds each setting is run with, or which: 3, or 1,5,9, or 7, for one.", valueName: "seeds"))
  var seeds: String?
  @Option(parsing: .unconditional, help: "The first of the seeds; by default that of the program.")
  var seed: UInt64?
  @Option(parsing: .unconditional, help: ArgumentHelp("Runs so many settings of the grid, drawn at random.", valueName: "count"))
  var random: Int?
  @Option(parsing: .unconditional, help: ArgumentHelp("Which settings --random draws.", valueName: "seed"))
  var randomSeed: UInt64?
  @Option(help: ArgumentHelp("Stops settings early: at each epoch of --at only this share of them goes on.", valueName: "quotient"))
  var halving: String?
  @Option(help: ArgumentHelp("After how many epochs --halving decides: 2,4.", valueName: "epochs"))
  var at: String?
  @Option(help: ArgumentHelp("Scales every time in the program, as 1/50.", valueName: "ratio"))
  var shorten: String?
  @Option(parsing: .unconditional, help: "Runs at the same time; by default what the machine has room for.")
  var jobs: Int?
  @Option(parsing: .unconditional, help: "Threads of each run; by default what its network is large enough for.")
  var threads: Int?
  @Option(
    name: [.customLong("output"), .customShort("o")], help: "The folder of the sweep; by default runs/NETWORK-sweep.",
    completion: .directory)
  var folder: String?
  @Option(help: ArgumentHelp("From one checkpoint of a run to the next: 5 (epochs), \"10 minutes\".", valueName: "interval"))
  var checkpointEvery = "1"
  @Flag(help: "Prints nothing but the table and errors.")
  var quiet = false
  @Flag(help: "Prints the table as JSON.")
  var json = false
  @OptionGroup var lints: LintOptions
  @OptionGroup var output: DiagnosticOptions

  func validate() throws {
    if let random, random < 1 { throw ValidationError("--random takes a number from 1 on, not \(random).") }
    if random == nil, randomSeed != nil { throw ValidationError("--random-seed says which settings --random draws; give both.") }
    if (halving == nil) != (at == nil) {
      throw ValidationError("--halving says how many settings go on and --at after which epochs; give both.")
    }
    for (name, number) in [("--jobs", jobs), ("--threads", threads)] {
      if let number, !(1...1024).contains(number) { throw ValidationError("\(name) takes a number from 1 to 1024, not \(number).") }
    }
  }

  func run() throws {
    let program = ProgramRequest(path: file, training: training, shorten: shorten, seed: seed).with(lints.request)
    var request = SweepRequest(program: program, axes: axes)
    (request.seeds, request.random, request.randomSeed) = (seeds, random, randomSeed ?? 0)
    request.halving = halving.flatMap { share in at.map { (share, $0) } }
    (request.jobs, request.threads, request.folder, request.checkpointEvery) = (jobs, threads, folder, checkpointEvery)
    (request.isQuiet, request.printsJSON) = (quiet, json)
    let asked = request
    try output.finish { $0.sweep(asked) }
  }
}
