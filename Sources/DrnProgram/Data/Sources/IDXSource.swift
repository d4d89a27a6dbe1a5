import DrnData
import DrnDiagnostics
import DrnMethods

/// The IDX files of MNIST: a folder with the four, or files by name.
public struct IDXSource: DataSource {
  public static let spec = MethodSpec(
    "idx", summary: "The IDX files of MNIST and its relatives, plain or gzipped: a folder with the four files, or the files by name.",
    options: [
      .text("folder", "The folder with the four files."), .text("train_features", "The training images."),
      .text("train_labels", "Their labels."), .text("test_features", "The test images."), .text("test_labels", "Their labels."),
    ], positional: 1)
  public let options: Options
  public init(options: Options) { self.options = options }

  public static func fault(in options: Options) -> SourceFault? {
    let files = ["train_features", "train_labels", "test_features", "test_labels"].filter { options.text($0) != nil }
    if options.text("folder") != nil {
      return files.first.map {
        SourceFault(
          .duplicateOption, "`idx` is given a folder and `\($0)`", label: "two places for one file", help: "name the folder, or the files")
      }
    }
    guard options.text("train_features") == nil || options.text("train_labels") == nil else {
      return .unpaired("test_features", "test_labels", in: options)
    }
    let missing = files.isEmpty ? "a folder" : options.text("train_features") == nil ? "`train_features`" : "`train_labels`"
    return SourceFault(
      .missingOption, "`idx` needs \(missing)", label: "without \(missing)",
      help: "write `idx(\"folder\")`, or `idx(train_features: \"...\", train_labels: \"...\")`")
  }

  public func readers(_ request: DataRequest, _ seeds: SourceSeeds) throws(DataError) -> SourceReaders {
    if let folder = options.text("folder") { return try .idx(folder: folder, request) }
    return .pairs("train_features", "train_labels", of: options) {
      IDXReader(images: request.path($0), labels: request.path($1), classes: request.bound)
    }
  }

  public var places: SourcePlaces {
    options.text("folder").map { .folder($0) }
      ?? .files(
        options.text("train_features"), options.text("train_labels"), options.text("test_features"), options.text("test_labels"))
  }
  public var text: String { options.text("folder").map(Self.text(ofFolder:)) ?? callText }

  /// The source of the four files in a folder.
  static func text(ofFolder folder: String) -> String { "idx(\(quoted(folder)))" }
}

extension SourceReaders {
  /// The four files of a folder.
  static func idx(folder: String, _ request: DataRequest) throws(DataError) -> SourceReaders {
    let files = try IDXFolder(path: request.path(folder), classes: request.bound)
    return .separate(train: files.train, test: files.test)
  }
}
