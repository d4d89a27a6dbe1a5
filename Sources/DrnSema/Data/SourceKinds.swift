import DrnMethods

/// The kinds of data `source:` can name.
enum SourceKind: String, CaseIterable {
  case idx, csv, npy, synthetic
  case fashionMNIST = "fashion_mnist"

  /// Where Debian's package dataset-fashion-mnist puts its files.
  static let fashionMNISTFolder = "/usr/share/datasets/fashion-mnist"

  static let table = Vocabulary.Table(allCases) { $0.rawValue }

  var spec: MethodSpec {
    func text(_ name: String, required: Bool = false, _ summary: String) -> OptionSpec {
      OptionSpec(name, .text, required: required, summary)
    }
    switch self {
    case .idx:
      return MethodSpec(
        "idx", summary: "The IDX files of MNIST and its relatives, plain or gzipped: a folder with the four files, or the files by name.",
        options: [
          text("folder", "The folder with the four files."), text("train_features", "The training images."),
          text("train_labels", "Their labels."), text("test_features", "The test images."), text("test_labels", "Their labels."),
        ], positional: 1)
    case .csv:
      return MethodSpec(
        "csv", summary: "Tables of text with one example a line.",
        options: [
          text("train", required: true, "The training table."), text("test", "The test table."),
          text("label", required: true, "The heading of the column to be learned."),
        ])
    case .npy:
      return MethodSpec(
        "npy", summary: "NumPy arrays whose first size is the number of examples.",
        options: [
          text("features", required: true, "The training features."), text("labels", required: true, "Their labels or targets."),
          text("test_features", "The test features."), text("test_labels", "Their labels or targets."),
        ])
    case .synthetic:
      let count = OptionKind.integer(1...100_000_000)
      return MethodSpec(
        "synthetic", summary: "Clusters of normal noise, one for each class, made from the seed.",
        options: [
          OptionSpec("examples", count, required: true, "Training examples, the validation split included."),
          OptionSpec("test_examples", count, default: .integer(1000), "Test examples."),
          OptionSpec("noise", .number(0...1e6), default: .decimal(0.5), "The standard deviation around a cluster's centre."),
        ], positional: 1)
    case .fashionMNIST:
      return MethodSpec(
        "fashion_mnist", summary: "Fashion-MNIST from Debian's package dataset-fashion-mnist, in \(Self.fashionMNISTFolder).")
    }
  }
}
