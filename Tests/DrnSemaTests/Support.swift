import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSema
import DrnSource

/// Data headers fixed by a test.
struct FixedHeaders: DataHeaders {
  let finding: DataFinding
  func look(_ request: DataRequest) -> DataFinding { finding }
}

/// Data whose folder is there under another name than the one given.
struct MisnamedHeaders: DataHeaders {
  let correction: DataCorrection
  func look(_ request: DataRequest) -> DataFinding {
    guard request.source is ImageSource, request.source.places.paths == [correction.written] else {
      return .found(DataFacts(examples: 60_000, shape: request.shape, classes: request.classes))
    }
    return .absent("\(correction.written): there is no such folder", correction: correction)
  }
}

extension Code {
  /// Those about a program that can be read: what the checker reports.
  static let ofPrograms = all.filter { $0.number < 50 || (200..<600).contains($0.number) }
}

/// A text checked as `main.drn`, with other files by name.
struct Checked {
  let result: CheckResult
  let sources: SourceMap

  init(
    _ text: String, options: CheckOptions = CheckOptions(), headers: any DataHeaders = NoDataHeaders(), files: [String: String] = [:]
  ) {
    var sources = SourceMap()
    let file = sources.add(name: "main.drn", text: text)
    result = check(file: file, sources: &sources, options: options, headers: headers) { files[$0].map { Array($0.utf8) } }
    self.sources = sources
  }

  /// `DRN0301` and so on, in the order of the text.
  var codes: [String] { result.diagnostics.map(\.code.id) }
  var program: CheckedProgram? { result.programs.first }
  func text(_ code: Code) -> String { result.diagnostics.first { $0.code == code }.map(rendered) ?? "" }
  private func rendered(_ diagnostic: Diagnostic) -> String {
    ([diagnostic.message] + diagnostic.notes + [diagnostic.help ?? ""] + diagnostic.secondary.map(\.message)
      + [diagnostic.primary?.message ?? ""]).joined(separator: "\n")
  }
}

/// A program around one network body and one train body, for tests about either.
func program(
  network: String = "return image |> flatten |> fc1: linear(64) |> relu |> fc2: linear(10)", train: String = "", data: String = ""
) -> String {
  """
  data digits {
    source: fashion_mnist
    image: tensor[1, 28, 28]
    label: class(10)
    examples: 60000
    \(data)
  }
  network mlp(image: tensor[1, 28, 28]) -> tensor[10] {
    \(network)
  }
  train mlp on digits {
    length: 10 epochs
    batch: 100
    loss: cross_entropy
    optimizer: sgd(momentum: 0.9)
    rate: 0.1
    \(train)
  }
  """
}
