import ArgumentParser
import DrnDriver

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a trained network, or the steps of a program, for another system.",
    discussion:
      "Reads the folder of a run and leaves it as it is. The file holds the forward pass as it is deployed: no dropout, running statistics. With --to stablehlo a folder holds the steps and evaluations of every phase of a program, or of the phase a run saved."
  )

  @Argument(help: "The folder of the run; with --to stablehlo a program, too.", completion: .file())
  var folder: String
  @Option(help: "onnx, pytorch, safetensors, npz, or stablehlo.")
  var to: ExportTarget
  @Option(
    name: [.customLong("output"), .customShort("o")],
    help: "The file, or for stablehlo the folder that is made; by default the network's name in the current folder.")
  var output: String?
  @Option(parsing: .unconditional, help: "With --to stablehlo: over how many devices a batch is divided, 1 to 4096; by default 1.")
  var devices: Int?
  @Flag(help: "With --to stablehlo and --devices: each device has its own part of the optimizer state.")
  var shardState = false
  @Flag(help: "Multiplies the factors of every weight; refused where that changes an output by more than 1e-4 of the largest one.")
  var merge = false
  @Option(parsing: .unconditional, help: "The phase whose weights are written, from 0; by default that of the weights the run saved.")
  var phase: Int?
  @Flag(help: "Leaves out what prepares raw values: the file takes prepared ones.")
  var noPreparation = false
  @OptionGroup var team: ThreadOptions
  @OptionGroup var diagnostics: DiagnosticOptions

  func validate() throws {
    if to == .stablehlo, merge || noPreparation {
      throw ValidationError("--merge and --no-preparation are of a deployed network, which --to stablehlo does not write")
    }
    if to != .stablehlo, devices != nil { throw ValidationError("--devices goes with --to stablehlo") }
    if shardState, (devices ?? 1) == 1 { throw ValidationError("--shard-state goes with --devices, 2 or more") }
    if let devices, !(1...4096).contains(devices) { throw ValidationError("--devices takes a number from 1 to 4096") }
  }

  func run() throws {
    guard let format = to.format else {
      let request = StableHLOExportRequest(path: folder, output: output, devices: devices ?? 1, dividesState: shardState, phase: phase)
      return try diagnostics.finish { $0.exportStableHLO(request) }
    }
    let request = ExportRequest(
      run: folder, format: format, output: output, merges: merge, phase: phase, prepares: !noPreparation, threads: team.count)
    try diagnostics.finish { $0.export(request) }
  }
}

/// What `drnc export` writes: a format of a deployed network, or the steps of a program.
enum ExportTarget: String, CaseIterable, ExpressibleByArgument {
  case onnx, pytorch, safetensors, npz, stablehlo

  /// `nil` for steps.
  var format: ExportFormat? { ExportFormat(rawValue: rawValue) }
}
