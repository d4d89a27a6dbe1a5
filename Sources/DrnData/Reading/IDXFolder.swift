import Foundation

/// A folder with the four IDX files of MNIST or a data set in its form: training and test, images and labels.
public struct IDXFolder: Equatable, Sendable {
  /// The training examples.
  public let train: IDXReader
  /// The test examples; nil when the folder has neither of their files.
  public let test: IDXReader?

  /// Finds `train-images-idx3-ubyte`, `train-labels-idx1-ubyte` and the two files beginning `t10k`, each plain or with `.gz`, and
  /// with a dash or a dot before `idx`. Throws `missingFile` naming the first that is absent.
  public init(path: String, classes: Int? = nil) throws(DataError) {
    func find(_ stem: String, _ suffix: String) -> String? {
      ["\(stem)-\(suffix)", "\(stem).\(suffix)"].flatMap { ["\(path)/\($0)", "\(path)/\($0).gz"] }
        .first { FileManager.default.fileExists(atPath: $0) }
    }
    func require(_ stem: String, _ suffix: String) throws(DataError) -> String {
      if let file = find(stem, suffix) { return file }
      throw DataError(kind: .missingFile, path: path, message: "has neither \(stem)-\(suffix) nor \(stem)-\(suffix).gz")
    }
    func pair(_ part: String) throws(DataError) -> IDXReader {
      IDXReader(
        images: try require("\(part)-images", "idx3-ubyte"), labels: try require("\(part)-labels", "idx1-ubyte"), classes: classes)
    }
    train = try pair("train")
    let hasTest = find("t10k-images", "idx3-ubyte") != nil || find("t10k-labels", "idx1-ubyte") != nil
    test = hasTest ? try pair("t10k") : nil
  }
}
