import ArgumentParser
import DrnDriver

struct New: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a commented program to start from, for data of your own with --data.",
    discussion:
      "With --data shapes, classes, categories and parts are read from the data, and the program checks clean and trains as it is. An existing file is left alone."
  )

  @Argument(help: "The file to create, such as mine.drn; with --data by default named after the data.")
  var file: String?
  @Option(
    help: ArgumentHelp(
      "A table, an array .npy, a text, or a folder of images, texts, recordings, IDX or CIFAR files.", valueName: "file or folder"),
    completion: .file())
  var data: String?
  @Option(
    help: ArgumentHelp(
      "The column of the table that is to be learned, by default the last; of an array the file of its labels.", valueName: "name"))
  var label: String?
  @Option(help: ArgumentHelp("Low rank throughout, 16 or 1/4 of the short side, in place of ranks that change.", valueName: "rank"))
  var rank: String?
  @OptionGroup var output: DiagnosticOptions

  func validate() throws {
    if file == nil, data == nil { throw ValidationError("Give a file to create, or --data.") }
    if data == nil, label != nil || rank != nil { throw ValidationError("--label and --rank say something of --data, which is not given.") }
    if let rank, !NewRequest.isRank(rank) { throw ValidationError("--rank takes a number or a share such as 1/4 or 25%, not \(rank).") }
  }

  func run() throws {
    let request = NewRequest(path: file, data: data, label: label, rank: rank)
    try output.finish { $0.newModel(request) }
  }
}
