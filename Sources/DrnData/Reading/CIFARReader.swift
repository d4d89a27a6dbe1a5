/// Reads the binary files of CIFAR-10 or CIFAR-100: records of labels and 3 x 32 x 32 bytes, channels first.
///
/// Source: Krizhevsky, "The CIFAR-10 dataset", section "Binary version".
public struct CIFARReader: DataReader, Equatable {
  /// Which data set, and which of its labels.
  public enum Variant: String, CaseIterable, Sendable {
    /// Ten classes, one label byte.
    case cifar10
    /// One hundred classes: of the two label bytes the second.
    case cifar100
    /// The twenty superclasses of CIFAR-100: of the two label bytes the first.
    case cifar100Coarse = "cifar100_coarse"

    /// The number of label bytes before an image.
    var labelBytes: Int {
      switch self {
      case .cifar10: 1
      case .cifar100, .cifar100Coarse: 2
      }
    }

    /// Where among them the label is.
    var labelOffset: Int {
      switch self {
      case .cifar10, .cifar100Coarse: 0
      case .cifar100: 1
      }
    }

    /// The number of classes.
    public var classes: Int {
      switch self {
      case .cifar10: 10
      case .cifar100: 100
      case .cifar100Coarse: 20
      }
    }

    var recordBytes: Int { labelBytes + CIFARReader.imageBytes }
  }

  /// The files, in the order of their examples.
  public let paths: [String]
  /// Which data set they hold, and which labels are used.
  public let variant: Variant

  private static let shape = [3, 32, 32]
  private static let imageBytes = 3 * 32 * 32

  /// A reader of several files, such as `data_batch_1.bin` to `data_batch_5.bin`.
  public init(paths: [String], variant: Variant = .cifar10) {
    self.paths = paths
    self.variant = variant
  }

  /// Count and shape from the lengths of the files; a compressed file is read to find its length, and nothing of it is kept.
  public func header() throws(DataError) -> DataHeader {
    var examples = 0
    for path in paths {
      let file = try DataFile(path: path)
      let count = file.isCompressed ? try countRecords(file) : try recordCount(file)
      guard count > 0 else { throw Self.empty(path) }
      examples += count
    }
    guard examples > 0 else { throw Self.empty("") }
    return DataHeader(examples: examples, shape: Self.shape, classes: variant.classes, hasExactClasses: true)
  }

  /// Everything; images stay bytes and stand for values from 0 to 1.
  public func load() throws(DataError) -> DataSet {
    var bytes: [UInt8] = []
    var labels: [Int32] = []
    for path in paths {
      let part = try readRecords(DataFile(path: path))
      guard !part.labels.isEmpty else { throw Self.empty(path) }
      bytes += part.bytes
      labels += part.labels
    }
    guard !labels.isEmpty else { throw Self.empty("") }
    return try DataSet(shape: Self.shape, count: labels.count, storage: .bytes(bytes, scale: 1 / 255), target: .labels(labels))
  }

  private static func empty(_ path: String) -> DataError { DataError(kind: .empty, path: path, message: "there are no CIFAR records") }

  /// The number of records in a file that is not compressed.
  private func recordCount(_ file: borrowing DataFile) throws(DataError) -> Int {
    let (count, rest) = file.longestContent.quotientAndRemainder(dividingBy: variant.recordBytes)
    guard rest == 0 else {
      throw DataError(
        kind: .truncated, path: file.path,
        message: "is \(file.longestContent) bytes long: \(count) records of \(variant.recordBytes) bytes, and \(rest) bytes more",
        help: "copy or download it again")
    }
    return count
  }

  private func readRecords(_ file: borrowing DataFile) throws(DataError) -> (bytes: [UInt8], labels: [Int32]) {
    if !file.isCompressed { try checkMemory(try recordCount(file) * Self.imageBytes, path: file.path) }
    var bytes: [UInt8] = []
    var labels: [Int32] = []
    if !file.isCompressed { bytes.reserveCapacity(file.longestContent / variant.recordBytes * Self.imageBytes) }
    while let records = try nextRecords(file, after: labels.count) {
      for start in stride(from: 0, to: records.count, by: variant.recordBytes) {
        labels.append(try label(records[start + variant.labelOffset], record: labels.count, path: file.path))
        try checkGrowth(of: bytes, path: file.path)
        bytes += records[start + variant.labelBytes..<start + variant.recordBytes]
      }
    }
    return (bytes, labels)
  }

  private func countRecords(_ file: borrowing DataFile) throws(DataError) -> Int {
    var count = 0
    while let records = try nextRecords(file, after: count) {
      for start in stride(from: 0, to: records.count, by: variant.recordBytes) {
        _ = try label(records[start + variant.labelOffset], record: count, path: file.path)
        count += 1
      }
    }
    return count
  }

  /// A portion of whole records; `nil` at the end of the file.
  private func nextRecords(_ file: borrowing DataFile, after count: Int) throws(DataError) -> [UInt8]? {
    let size = variant.recordBytes
    let records = try file.readUp(to: size * 512)
    guard records.count % size == 0 else {
      throw DataError(
        kind: .truncated, path: file.path, message: "ends within record \(count + records.count / size)", help: "copy or download it again")
    }
    return records.isEmpty ? nil : records
  }

  private func label(_ byte: UInt8, record: Int, path: String) throws(DataError) -> Int32 {
    guard Int(byte) < variant.classes else {
      throw DataError(
        kind: .labelOutOfRange, path: path, message: "record \(record) has the label \(byte); there are \(variant.classes) classes",
        help: "check that the file is of \(variant == .cifar10 ? "CIFAR-10" : "CIFAR-100"), or copy it again")
    }
    return Int32(byte)
  }
}
