import DrnData
import DrnMethods

/// The kinds of data `source:` can name.
enum SourceKind: String, CaseIterable {
  case idx, csv, npy, npz, cifar, images, synthetic
  case fashionMNIST = "fashion_mnist"

  /// Where Debian's package dataset-fashion-mnist puts its files.
  static let fashionMNISTFolder = "/usr/share/datasets/fashion-mnist"

  static let table = Vocabulary.Table(allCases) { $0.rawValue }

  /// How a column of words becomes numbers.
  static let oneHot = MethodSpec(
    "one_hot", summary: "A column of words as a value of 0 or 1 for each word that occurs in the training table.",
    options: [OptionSpec("columns", .columns, required: true, "The column, or a list of columns.")], positional: 1)

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
          text("validation", "A table for validation, in place of a share of the training table."),
          OptionSpec("label", .columns, required: true, "The column to be learned, by name or number; a list for several real values."),
          text("separator", "What stands between fields, or `tab`; found in the first row unless given."),
          OptionSpec("header", .boolean, "Whether the first row holds names; told by its fields unless given."),
          OptionSpec("columns", .columns, "The columns that are features; all others unless given."),
          OptionSpec("leave_out", .columns, "Columns that are not read."),
          OptionSpec("categories", .method([Self.oneHot]), "Columns of words, as `one_hot(\"colour\")`."),
          OptionSpec(
            "missing", .word(CSVOptions.MissingPolicy.allCases.map(\.rawValue)),
            "What becomes of a missing value: an error unless given, the mean of its column, or its row is dropped."),
        ])
    case .npy:
      return MethodSpec(
        "npy", summary: "NumPy arrays whose first size is the number of examples.",
        options: [
          text("features", required: true, "The training features."), text("labels", required: true, "Their labels or targets."),
          text("test_features", "The test features."), text("test_labels", "Their labels or targets."),
        ])
    case .npz:
      return MethodSpec(
        "npz", summary: "Arrays of one NumPy archive, stored or compressed, by their names in it.",
        options: [
          text("file", required: true, "The archive."), text("features", required: true, "The training features."),
          text("labels", required: true, "Their labels or targets."), text("test_features", "The test features."),
          text("test_labels", "Their labels or targets."),
        ], positional: 1)
    case .cifar:
      return MethodSpec(
        "cifar", summary: "CIFAR-10 or CIFAR-100, binary version: a folder with the files under their usual names, or files by name.",
        options: [
          text("folder", "The folder with the files."),
          OptionSpec("labels", .word(["fine", "coarse"]), "Which labels of CIFAR-100: its 100 classes, or the 20 above them."),
          text("train", "One training file."), text("test", "One test file."),
          OptionSpec(
            "variant", .word(CIFARReader.Variant.allCases.map(\.rawValue)), "What files given by name hold; `cifar10` unless given."),
        ], positional: 1)
    case .images:
      return MethodSpec(
        "images", summary: "PNG and JPEG images of one size, a folder for each class, in folders `train` and `test` or directly.",
        options: [
          text("folder", required: true, "The folder."),
          OptionSpec(
            "test_share", .number(0...0.9), "The share held back for the test where there is no folder `train`; 20% unless given."),
        ], positional: 1)
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
