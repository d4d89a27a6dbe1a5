import DrnData
import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource

/// Reads `source:` of a data set.
struct DataSourceReader: Checking {
  let tools: Tools

  /// The source of a data set, or `nil` when it was reported.
  func readSource(_ value: LocatedOption) -> DataSettings.Source? {
    guard let (kind, options) = resolver.resolveMethod(value, among: SourceKind.table, spec: { $0.spec }, what: "kind of data") else {
      return nil
    }
    switch kind {
    case .idx: return readIDX(options, at: value.span)
    case .csv: return readTables(options, at: value.span)
    case .npy:
      guard isPair(options, "test_features", "test_labels", at: value.span) else { return nil }
      return .npy(
        features: options.text("features") ?? "", labels: options.text("labels") ?? "", testFeatures: options.text("test_features"),
        testLabels: options.text("test_labels"))
    case .npz:
      guard isPair(options, "test_features", "test_labels", at: value.span) else { return nil }
      return .npz(
        file: options.text("file") ?? "", features: options.text("features") ?? "", labels: options.text("labels") ?? "",
        testFeatures: options.text("test_features"), testLabels: options.text("test_labels"))
    case .cifar: return readCIFAR(options, at: value.span)
    case .images: return .images(folder: options.text("folder") ?? "", testShare: options.share("test_share"))
    case .synthetic:
      return .synthetic(
        examples: options.integer("examples") ?? 1, testExamples: options.integer("test_examples") ?? 1, noise: options.number("noise") ?? 0
      )
    case .fashionMNIST: return .idx(folder: SourceKind.fashionMNISTFolder)
    }
  }

  private func readIDX(_ options: Options, at span: Span) -> DataSettings.Source? {
    let files = ["train_features", "train_labels", "test_features", "test_labels"].filter { options.text($0) != nil }
    if let folder = options.text("folder") {
      guard let first = files.first else { return .idx(folder: folder) }
      report(
        .duplicateOption, "`idx` is given a folder and `\(first)`", at: span, label: "two places for one file",
        help: "name the folder, or the files")
      return nil
    }
    guard let features = options.text("train_features"), let labels = options.text("train_labels") else {
      let missing = files.isEmpty ? "a folder" : options.text("train_features") == nil ? "`train_features`" : "`train_labels`"
      report(
        .missingOption, "`idx` needs \(missing)", at: span, label: "without \(missing)",
        help: "write `idx(\"folder\")`, or `idx(train_features: \"...\", train_labels: \"...\")`")
      return nil
    }
    guard isPair(options, "test_features", "test_labels", at: span) else { return nil }
    return .idxFiles(
      trainFeatures: features, trainLabels: labels, testFeatures: options.text("test_features"), testLabels: options.text("test_labels"))
  }

  /// A folder, or a file or two; each form has an option of its own.
  private func readCIFAR(_ options: Options, at span: Span) -> DataSettings.Source? {
    let isFolder = options["folder"] != nil
    let strangers = isFolder ? ["train", "test", "variant"] : ["labels"]
    if let stranger = strangers.first(where: { options[$0] != nil }), isFolder || options["train"] != nil {
      report(
        .duplicateOption, "`cifar` with \(isFolder ? "a folder" : "files") does not take `\(stranger)`", at: span,
        label: "`\(stranger)` is for \(isFolder ? "files by name" : "a folder")", help: "name the folder, or the files")
      return nil
    }
    if let folder = options.text("folder") { return .cifar(folder: folder, coarse: options.word("labels") == "coarse") }
    guard let train = options.text("train") else {
      report(
        .missingOption, "`cifar` needs a folder", at: span, label: "without a folder",
        help: "write `cifar(\"folder\")`, or `cifar(train: \"...\", test: \"...\")`")
      return nil
    }
    let variant = options.word("variant").flatMap(CIFARReader.Variant.init) ?? .cifar10
    return .cifarFiles(train: train, test: options.text("test"), variant: variant)
  }

  /// Whether two options are both given or both absent.
  private func isPair(_ options: Options, _ first: String, _ second: String, at span: Span) -> Bool {
    guard (options.text(first) == nil) != (options.text(second) == nil) else { return true }
    let (given, missing) = options.text(first) == nil ? (second, first) : (first, second)
    report(.missingOption, "`\(given)` needs `\(missing)` beside it", at: span, label: "without `\(missing)`")
    return false
  }
}
