import ArgumentParser
import DrnDriver
import DrnInference

struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Predicts new examples with a trained network.",
    discussion: """
      Takes what the network learned from: tables, .npy arrays, IDX files, PNG and JPEG images, texts, recordings, and folders of images or recordings.
      A row gives the class with its probability, or the predicted values. The network is read from the run folder alone.
      """)

  @Argument(help: ArgumentHelp("The run folder.", valueName: "run"), completion: .directory)
  var folder: String
  @Argument(help: "The files and folders to predict; - reads a table or a text from standard input.", completion: .file())
  var inputs: [String]
  @Option(help: "How rows are written: csv, jsonl, npy; by the name of the output unless given.")
  var to: PredictionText.Format?
  @Option(
    name: [.customLong("output"), .customShort("o")], help: "The file to write, whole or not at all; standard output unless given.",
    completion: .file())
  var file: String?
  @Option(parsing: .unconditional, help: "How many classes a row has, the most probable first.")
  var topK = 1
  @Flag(help: "Adds the probabilities of all classes to a row.")
  var probabilities = false
  @OptionGroup var team: ThreadOptions
  @OptionGroup var output: DiagnosticOptions

  func validate() throws {
    if !(1...10_000).contains(topK) { throw ValidationError("--top-k takes a number from 1 to 10000, not \(topK).") }
    if inputs.isEmpty { throw ValidationError("Give a file or folder to predict.") }
  }

  func run() throws {
    let request = PredictRequest(
      run: folder, inputs: inputs, format: to, output: file, topK: topK, hasProbabilities: probabilities, threads: team.count)
    try output.finish { $0.predict(request) }
  }
}

extension PredictionText.Format: ExpressibleByArgument {}
