import DrnSystem

/// A folder with the four IDX files of MNIST or a data set in its form: training and test, images and labels.
public struct IDXFolder: Equatable, Sendable {
  /// The training examples.
  public let train: IDXReader
  /// The test examples.
  public let test: IDXReader

  /// Finds `train-images-idx3-ubyte`, `train-labels-idx1-ubyte` and the two files beginning `t10k`, each plain or with `.gz`, and
  /// with a dash or a dot before `idx`. Throws `missingFile` naming the first of the training files that is absent, `unreadable` where only
  /// one for the test is: the data is then not merely on another machine.
  public init(path: String, classes: Int? = nil) throws(DataError) {
    func find(_ stem: String, _ suffix: String) -> String? {
      ["\(stem)-\(suffix)", "\(stem).\(suffix)"].flatMap { ["\(path)/\($0)", "\(path)/\($0).gz"] }
        .first { Files.exists($0) }
    }
    func require(_ stem: String, _ suffix: String, _ kind: DataError.Kind, _ help: String?) throws(DataError) -> String {
      if let file = find(stem, suffix) { return file }
      throw DataError(kind: kind, path: path, message: "has neither \(stem)-\(suffix) nor \(stem)-\(suffix).gz", help: help)
    }
    func pair(_ part: String, missing kind: DataError.Kind, help: String? = nil) throws(DataError) -> IDXReader {
      IDXReader(
        images: try require("\(part)-images", "idx3-ubyte", kind, help), labels: try require("\(part)-labels", "idx1-ubyte", kind, help),
        classes: classes)
    }
    train = try pair("train", missing: .missingFile)
    test = try pair(
      "t10k", missing: .unreadable,
      help: "the training files are there: copy the test files beside them, or name `train_features` and `train_labels` to train without")
  }
}
