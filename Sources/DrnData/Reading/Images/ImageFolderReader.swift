import Dispatch
import DrnNumbers

/// Reads folders of PNG and JPEG images, one folder for each class; all images have one size.
///
/// Where the folder holds a folder `train`, its classes are those in there, and `test`, if there is one, holds the test examples. A folder for
/// validation is named, so that a program says whether it has one.
/// Otherwise a seeded, stratified share of the images is held back for the test.
public struct ImageFolderReader: Sendable {
  /// The folder.
  public let path: String
  /// The shape every image must have (channels, height, width), or nil for that of the first.
  public let shape: [Int]?
  /// The share of images held back for the test where there is no folder `train`; nil for a fifth.
  public let testShare: Rational?
  /// The seed of the test split.
  public let seed: UInt64
  /// The folder beside `train` with the examples for validation; nil where there is none.
  public let validation: String?

  private static let usualTestShare: Rational = 0.2

  /// A reader of the folder at `path`.
  public init(path: String, shape: [Int]? = nil, testShare: Rational? = nil, seed: UInt64 = 0, validation: String? = nil) {
    self.path = path
    self.shape = shape
    self.testShare = testShare
    self.seed = seed
    self.validation = validation
  }

  /// The images of one part, in the order of classes and names, and the class of each.
  private struct Part {
    var files: [String] = []
    var labels: [Int32] = []
    var classes = 0
  }

  /// Count, shape and classes of the training examples. Every folder is listed; of the images, the header of the first of each class is
  /// read.
  public func header() throws(DataError) -> DataHeader {
    let parts = try parts()
    var shape = shape
    var last: Int32 = -1
    for (file, label) in zip(parts.train.files, parts.train.labels) where label != last {
      last = label
      let found = try Picture(path: file).shape()
      guard shape == nil || shape == found else { throw .otherSize(file, found: found, expected: shape ?? found) }
      shape = found
    }
    return DataHeader(
      examples: parts.train.files.count, shape: shape ?? [], classes: parts.train.classes, hasExactClasses: true)
  }

  /// Decodes every image, on all processors; where several cannot be read, the first in order is reported.
  public func load() throws(DataError) -> (train: DataSet, validation: DataSet?, test: DataSet?) {
    let parts = try parts()
    guard let first = parts.train.files.first else { throw DataError(kind: .empty, path: path, message: "there are no images") }
    let shape: [Int]
    if let declared = self.shape { shape = declared } else { shape = try Picture(path: first).shape() }
    try checkRoom([parts.train, parts.validation, parts.test].reduce(0) { $0 + ($1?.files.count ?? 0) }, shape)
    let train = try decode(parts.train, shape)
    func other(_ part: Part?) throws(DataError) -> DataSet? {
      guard let part, !part.files.isEmpty else { return nil }
      return try decode(part, shape)
    }
    return (train, try other(parts.validation), try other(parts.test))
  }

  /// The class of each training image, by its folder.
  public func readLabels() throws(DataError) -> [Int32] { try parts().train.labels }

  /// The names of the classes, by number: those of their folders.
  public func classNames() throws(DataError) -> [String] {
    try ImageFolder.folders(in: ImageFolder.isFolder(path + "/train") ? path + "/train" : path)
  }

  private func checkRoom(_ count: Int, _ shape: [Int]) throws(DataError) {
    guard let bytes = checkedProduct([count] + shape) else {
      throw DataError(kind: .tooLarge, path: path, message: "\(count) images of shape \(shape) do not fit in memory")
    }
    try checkMemory(bytes, path: path)
  }

  /// What folders for validation are called.
  public static let validationNames = ["val", "valid", "validation", "dev"]

  /// The folder for validation beside `train` that is there; `nil` without one.
  public var foundValidation: String? {
    ImageFolder.isFolder(path + "/train") ? Self.validationNames.first { ImageFolder.isFolder(path + "/" + $0) } : nil
  }

  private func parts() throws(DataError) -> (train: Part, validation: Part?, test: Part?) {
    guard ImageFolder.isFolder(path + "/train") else {
      guard validation == nil else {
        throw DataError(
          kind: .options, path: path, message: "holds no folder `train`, so that none beside it is for validation",
          help: "`validation: 10%` in `data` holds a share back")
      }
      let (train, test) = split(try ImageFolder(path: path))
      return (train, nil, test)
    }
    guard testShare == nil else {
      throw DataError(
        kind: .options, path: path, message: "holds a folder `train`, so that no share is split off for the test",
        help: "leave out `test_share`")
    }
    if let validation, ["train", "test", "", "."].contains(validation) || validation.contains("/") {
      throw DataError(
        kind: .options, path: path, message: "cannot have its images for validation in `\(validation)`",
        help: "name a folder of its own beside `train`, such as \"val\"; `validation: 10%` in `data` holds a share of `train` back")
    }
    if validation == nil, let found = foundValidation {
      throw DataError(
        kind: .options, path: path, message: "holds a folder `\(found)` beside `train`, which nothing reads",
        help: "add `validation: \"\(found)\"` to `images(...)`, or take the folder away")
    }
    let train = try ImageFolder(path: path + "/train")
    let test = ImageFolder.isFolder(path + "/test") ? try part("test", beside: train) : nil
    return (Self.all(train), try validation.map { name throws(DataError) in try part(name, beside: train) }, test)
  }

  /// The part in a folder beside `train`, with the same classes.
  private func part(_ name: String, beside train: ImageFolder) throws(DataError) -> Part {
    let folder = try ImageFolder(path: path + "/" + name)
    if let stranger = folder.classes.first(where: { !train.classes.contains($0) })
      ?? train.classes.first(where: { !folder.classes.contains($0) })
    {
      throw DataError(
        kind: .sizeMismatch, path: path, message: "only one of `train` and `\(name)` has the class `\(stranger)`",
        help: "both folders need the same classes")
    }
    return Self.all(folder)
  }

  private static func all(_ folder: ImageFolder) -> Part {
    var part = Part(classes: folder.classes.count)
    for (label, files) in folder.files.enumerated() {
      part.files += files
      part.labels += [Int32](repeating: Int32(truncatingIfNeeded: label), count: files.count)
    }
    return part
  }

  private func split(_ folder: ImageFolder) -> (train: Part, test: Part?) {
    let all = Self.all(folder)
    let split = Split.make(
      labels: all.labels, count: all.files.count, validationFraction: testShare ?? Self.usualTestShare, seed: seed, purpose: "test split")
    func part(_ indices: [Int]) -> Part {
      Part(files: indices.map { all.files[$0] }, labels: indices.map { all.labels[$0] }, classes: all.classes)
    }
    return (part(split.train), split.validation.isEmpty ? nil : part(split.validation))
  }

  private func decode(_ part: Part, _ shape: [Int]) throws(DataError) -> DataSet {
    try Self.load(part.files, labels: part.labels, shape: shape)
  }

  /// The images of some files, on all processors, with a label for each; where several cannot be read, the first in order is reported.
  public static func load(_ files: [String], labels: [Int32], shape: [Int]) throws(DataError) -> DataSet {
    guard let total = checkedProduct([files.count] + shape) else {
      throw DataError(kind: .tooLarge, path: files.first ?? "", message: "\(files.count) images of shape \(shape) do not fit in memory")
    }
    try checkMemory(total, path: files.first ?? "")
    let size = checkedProduct(shape) ?? 0
    let failures = FirstFailure()
    let bytes = [UInt8](unsafeUninitializedCapacity: files.count * size) { buffer, filled in
      guard let base = buffer.baseAddress else { return }
      base.initialize(repeating: 0, count: buffer.count)
      nonisolated(unsafe) let planes = base
      // Small portions, since images differ in the time they take.
      let portion = 64
      DispatchQueue.concurrentPerform(iterations: (files.count + portion - 1) / portion) { number in
        for index in number * portion..<min((number + 1) * portion, files.count) where !failures.comesBefore(index) {
          do throws(DataError) {
            try Picture(path: files[index]).decode(shape, into: planes + index * size)
          } catch { failures.record(error, at: index) }
        }
      }
      filled = files.count * size
    }
    if let error = failures.first { throw error }
    return try DataSet(shape: shape, count: files.count, storage: .bytes(bytes, scale: 1 / 255), target: .labels(labels))
  }
}
