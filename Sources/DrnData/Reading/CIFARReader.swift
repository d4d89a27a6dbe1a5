/// Reads the binary files of CIFAR-10 or CIFAR-100: records of labels and 3 x 32 x 32 bytes, channels first.
///
/// Source: Krizhevsky, "The CIFAR-10 dataset", section "Binary version".
public struct CIFARReader: DataReader, Equatable {
  /// Which of the two data sets.
  public enum Variant: String, CaseIterable, Sendable {
    /// Ten classes, one label byte.
    case cifar10
    /// One hundred classes, a coarse label byte and then the fine one, which is used.
    case cifar100

    var labelBytes: Int {
      switch self {
      case .cifar10: 1
      case .cifar100: 2
      }
    }

    var classes: Int {
      switch self {
      case .cifar10: 10
      case .cifar100: 100
      }
    }
  }

  /// The files, in the order of their examples.
  public let paths: [String]
  /// Which of the two data sets they hold.
  public let variant: Variant

  private static let shape = [3, 32, 32]
  private static let imageBytes = 3 * 32 * 32

  /// A reader of several files, such as `data_batch_1.bin` to `data_batch_5.bin`.
  public init(paths: [String], variant: Variant = .cifar10) {
    self.paths = paths
    self.variant = variant
  }

  /// The reader of the training files of CIFAR-10 in a folder.
  public static func train(folder: String) -> CIFARReader { CIFARReader(paths: (1...5).map { "\(folder)/data_batch_\($0).bin" }) }

  /// The reader of the test file of CIFAR-10 in a folder.
  public static func test(folder: String) -> CIFARReader { CIFARReader(paths: ["\(folder)/test_batch.bin"]) }

  /// Count and shape from the lengths of the files; a compressed file is read to find its length.
  public func header() throws(DataError) -> DataHeader {
    var examples = 0
    for path in paths { examples += try readRecords(path, keepingImages: false).labels.count }
    guard examples > 0 else { throw DataError(kind: .empty, path: paths.first ?? "", message: "there are no CIFAR records") }
    return DataHeader(examples: examples, shape: Self.shape, classes: variant.classes)
  }

  /// Everything; images stay bytes and stand for values from 0 to 1.
  public func load() throws(DataError) -> DataSet {
    var bytes: [UInt8] = []
    var labels: [Int32] = []
    for path in paths {
      let part = try readRecords(path, keepingImages: true)
      bytes += part.bytes
      labels += part.labels
    }
    guard !labels.isEmpty else { throw DataError(kind: .empty, path: paths.first ?? "", message: "there are no CIFAR records") }
    return try DataSet(shape: Self.shape, count: labels.count, storage: .bytes(bytes, scale: 1 / 255), target: .labels(labels))
  }

  private func readRecords(_ path: String, keepingImages: Bool) throws(DataError) -> (bytes: [UInt8], labels: [Int32]) {
    let file = try DataFile(path: path)
    let recordBytes = variant.labelBytes + Self.imageBytes
    guard file.isCompressed || file.longestContent % recordBytes == 0 else {
      throw DataError(
        kind: .sizeMismatch, path: path, message: "is \(file.longestContent) bytes long, not a multiple of \(recordBytes)")
    }
    var bytes: [UInt8] = []
    var labels: [Int32] = []
    while true {
      let record = try file.readUp(to: recordBytes)
      if record.isEmpty { return (bytes, labels) }
      guard record.count == recordBytes else {
        throw DataError(kind: .truncated, path: path, message: "ends within record \(labels.count)")
      }
      labels.append(try label(record[variant.labelBytes - 1], record: labels.count, path: path))
      try checkGrowth(of: bytes, path: path)
      if keepingImages { bytes += record[variant.labelBytes...] }
    }
  }

  private func label(_ byte: UInt8, record: Int, path: String) throws(DataError) -> Int32 {
    guard Int(byte) < variant.classes else {
      throw DataError(
        kind: .labelOutOfRange, path: path, message: "record \(record) has the label \(byte); there are \(variant.classes) classes")
    }
    return Int32(byte)
  }
}
