import DrnData
import DrnDiagnostics
import DrnMethods

/// CIFAR-10 or CIFAR-100 in their binary version: a folder, or a file or two.
public struct CIFARSource: DataSource {
  public static let spec = MethodSpec(
    "cifar", summary: "CIFAR-10 or CIFAR-100, binary version: a folder with the files under their usual names, or files by name.",
    options: [
      .text("folder", "The folder with the files."),
      OptionSpec("labels", .word(["fine", "coarse"]), "Which labels of CIFAR-100: its 100 classes, or the 20 above them."),
      .text("train", "One training file."), .text("test", "One test file."),
      OptionSpec("variant", .word(CIFARReader.Variant.allCases.map(\.rawValue)), "What files given by name hold; `cifar10` unless given."),
    ], positional: 1)
  public let options: Options

  /// What is not written is what it is taken for.
  public init(options: Options) {
    let standard = options["folder"] == nil ? ("variant", CIFARReader.Variant.cifar10.rawValue) : ("labels", "fine")
    self.options = options[standard.0] == nil ? options.replacing([standard.0: .word(standard.1)]) : options
  }

  /// Each form has an option of its own.
  public static func fault(in options: Options) -> SourceFault? {
    let isFolder = options["folder"] != nil
    let strangers = isFolder ? ["train", "test", "variant"] : ["labels"]
    if let stranger = strangers.first(where: { options[$0] != nil }), isFolder || options["train"] != nil {
      return SourceFault(
        .duplicateOption, "`cifar` with \(isFolder ? "a folder" : "files") does not take `\(stranger)`",
        label: "`\(stranger)` is for \(isFolder ? "files by name" : "a folder")", help: "name the folder, or the files")
    }
    guard !isFolder, options["train"] == nil else { return nil }
    return SourceFault(
      .missingOption, "`cifar` needs a folder", label: "without a folder",
      help: "write `cifar(\"folder\")`, or `cifar(train: \"...\", test: \"...\")`")
  }

  public func readers(_ request: DataRequest, _ seeds: SourceSeeds) throws(DataError) -> SourceReaders {
    if let folder = options.text("folder") {
      let files = try CIFARFolder(path: request.path(folder), coarse: options.word("labels") == "coarse")
      return .separate(train: files.train, test: files.test)
    }
    let variant = options.word("variant").flatMap(CIFARReader.Variant.init) ?? .cifar10
    func reader(_ name: String) -> CIFARReader { CIFARReader(paths: [request.path(name)], variant: variant) }
    return .separate(train: reader(options.text("train") ?? ""), test: options.text("test").map(reader))
  }

  public var places: SourcePlaces {
    options.text("folder").map { .folder($0) } ?? .files(options.text("train"), options.text("test"))
  }
}
