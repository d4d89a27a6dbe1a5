import ArgumentParser
import DrnDriver

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval", abstract: "Evaluates a trained network on labelled examples.",
    discussion:
      "Prints the loss, every metric, the figures of each class, confusions and calibration. The network is read from the run folder alone."
  )

  @Argument(help: ArgumentHelp("The run folder.", valueName: "run"), completion: .directory)
  var folder: String
  @Option(
    help: ArgumentHelp(
      "What to evaluate on: train, validation or test of the program's own examples, or a file or folder.", valueName: "file or part"),
    completion: .file())
  var data = "test"
  @Option(help: "The labels of --data, where these are in a file of their own: IDX or npy.", completion: .file())
  var labels: String?
  @Flag(help: "Gives the loss without smoothing and class weights in place of the one that was trained with.")
  var plainLoss = false
  @OptionGroup var team: ThreadOptions
  @Flag(help: "Prints JSON.")
  var json = false
  @OptionGroup var output: DiagnosticOptions

  func run() throws {
    let request = EvaluateRequest(
      run: folder, data: data, labels: labels, showsPlainLoss: plainLoss, threads: team.count, printsJSON: json)
    try output.finish { $0.evaluate(request) }
  }
}
