import DrnData
import DrnSystem

/// Looks at data and writes a program for them.
struct DataSketcher {
  /// The data as they were given, without slashes at the end.
  let path: String
  /// As the program is to name them: relative to its folder.
  let written: String
  /// What is to be learned, where that was said.
  let label: String?

  /// By what the path leads to: a folder by what lies in it, a file by its name.
  func sketch() throws(DataError) -> ProgramSketch {
    switch Files.kind(path) {
    case nil: throw DataError(kind: .missingFile, path: path, message: "there is no such file or folder")
    case .folder: return try folder()
    case .regular: return try file()
    case .other: throw DataError(kind: .unsupported, path: path, message: "is neither a file nor a folder")
    }
  }

  private func file() throws(DataError) -> ProgramSketch {
    let name = path.hasSuffix(".gz") ? String(path.dropLast(3)) : path
    switch Path.fileExtension(of: name).lowercased() {
    case "csv", "tsv", "data", "dat": return try table()
    case "npy": return try arrays()
    case "txt", "text", "md", "log", "": return try text()
    case "png", "jpg", "jpeg", "wav":
      throw DataError(
        kind: .unsupported, path: path, message: "is one example",
        help: "give the folder that holds all of them, images in a folder for each class")
    case "npz":
      throw DataError(
        kind: .unsupported, path: path, message: "is an archive, whose arrays have names of its author's choice",
        help: "write `source: npz(\"\(written)\", features: \"x_train\", labels: \"y_train\")` into a program from `drnc new FILE`")
    case let ending:
      throw DataError(
        kind: .unsupported, path: path, message: "is of a kind that is not read by its name, `.\(ending)`",
        help: "save a table as CSV, arrays as .npy, a text as .txt")
    }
  }

  private func folder() throws(DataError) -> ProgramSketch {
    let names: [String]
    do { names = try Files.names(in: path).filter { !$0.hasPrefix(".") } } catch {
      throw DataError(kind: .unreadable, path: path, message: "cannot be read: \(error.reason)")
    }
    func within(_ name: String) -> DataSketcher {
      DataSketcher(path: Path.join(path, name), written: Path.join(written, name), label: label)
    }
    let tables = names.filter { ["csv", "tsv"].contains(Path.fileExtension(of: $0.hasSuffix(".gz") ? String($0.dropLast(3)) : $0)) }
    if let table = tables.first(where: { $0.hasPrefix("train") }) ?? (tables.count == 1 ? tables[0] : nil) {
      return try within(table).table()
    }
    if names.contains(where: { $0.hasPrefix("train-images") }) { return try idx() }
    if names.contains("data_batch_1.bin") || names.contains("train.bin") && names.contains("test.bin") { return try cifar() }
    if names.contains(where: { $0.hasSuffix(".wav") }) { return try recordings() }
    let texts = names.filter { $0.hasSuffix(".txt") }
    if texts.count > 1 { return try lines() }
    if texts.count == 1 { return try within(texts[0]).text() }
    if names.contains(where: { Files.kind(Path.join(path, $0)) == .folder }) { return try images() }
    let arrays = names.filter { $0.hasSuffix(".npy") }
    if let features = arrays.first(where: { Self.labelNames(of: $0).contains(where: arrays.contains) }) {
      return try within(features).arrays()
    }
    throw DataError(
      kind: .empty, path: path, message: "holds nothing that tells what it is",
      help: "a table, image files in a folder for each class, WAV files, text files `*.txt`, IDX or CIFAR files are known")
  }

  /// For data whose labels are in the data alone.
  func refuseLabel(_ what: String) throws(DataError) {
    guard let label else { return }
    throw DataError(
      kind: .options, path: path, message: "has its classes in \(what), and `--label \(label)` names a column or a file",
      help: "leave out `--label`")
  }

  /// The names that labels of an array have beside it.
  static func labelNames(of name: String) -> [String] {
    [("features", "labels"), ("features", "targets"), ("images", "labels"), ("inputs", "targets"), ("x", "y"), ("X", "y")].compactMap {
      let changed = name.replacing($0, with: $1, maxReplacements: 1)
      return changed == name ? nil : changed
    }
  }

  /// The network of vectors: two hidden layers of a width by the number of examples.
  static func perceptron(_ sketch: inout ProgramSketch, name: String, shape: [Int], outputs: Int, scale: (mean: Double, deviation: Double)?)
  {
    let width = sketch.examples < 2000 ? 64 : sketch.examples < 20_000 ? 128 : 256
    let inputs = shape.reduce(1, *)
    let size = "[\(shape.map(String.init).joined(separator: ", "))]"
    let isScaled = scale.map { $0.deviation > 0 && ($0.deviation < 0.1 || $0.deviation > 10 || abs($0.mean) > 10 * $0.deviation) } ?? false
    let layers = """
      \(name)\(shape.count > 1 ? " |> flatten" : "") |> fc1: linear(\(width)) |> relu |> fc2: linear(\(width)) |> relu |> head: linear(\(outputs))
      """
    sketch.network = "(\(name): tensor\(size)) -> tensor[\(outputs)] {\n"
    if isScaled, let scale {
      sketch.findings.append(
        "The network's outputs are multiplied by the deviation of the targets, \(Self.short(scale.deviation)), and their mean, \(Self.short(scale.mean)), is added, so that its last layer learns numbers around 1."
      )
      sketch.network += "  let scaled = \(layers)\n  return scaled * \(Self.short(scale.deviation)) + \(Self.written(scale.mean))"
    } else {
      sketch.network += "  return \(layers)"
    }
    sketch.weights = inputs >= width ? "fc1, fc2" : "fc2"
    sketch.rank = width / 4
  }

  /// Four significant digits as a decimal number.
  private static func short(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return "0" }
    var (scale, size) = (1.0, abs(value))
    while size < 1000, scale < 1e12 { (scale, size) = (scale * 10, size * 10) }
    let rounded = (value * scale).rounded() / scale
    return rounded == rounded.rounded() && abs(rounded) < 1e15 ? String(Int(rounded)) : String(rounded)
  }

  private static func written(_ value: Double) -> String { value < 0 ? "(\(short(value)))" : short(value) }

  /// `1 class`, `3 classes`.
  static func counted(_ count: Int, _ one: String, _ many: String) -> String { "\(count) \(count == 1 ? one : many)" }

  /// The sentence about how validation is made, and the share.
  static func split(_ examples: Int, hasTest: Bool) -> (share: Int, text: String) {
    hasTest
      ? (10, "10 % of the training examples are held back for validation.")
      : (20, "There are no examples for a test: 20 % are held back for validation, which chooses the saved weights.")
  }
}
