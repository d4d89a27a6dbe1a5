extension TensorFile {
  /// The longest header the format allows, in bytes.
  static let longestHeader = 100_000_000

  /// Reads a safetensors file.
  ///
  /// The reader holds the file to the format: an exact, gapless cover of the data, known element types, sizes that match their
  /// shapes, string metadata, no name twice. Every size is checked against the length of the file before memory is taken for it.
  ///
  /// Source: the safetensors format description, https://github.com/huggingface/safetensors#format.
  public static func read(path: String) throws(TensorFileError) -> TensorFile {
    let file = try FileReader(path: path)
    let (header, dataStart) = try file.readHeader()
    var tensors: [NamedTensor] = []
    for record in header.records {
      let bytes = try file.bytes(at: dataStart + record.begin, count: record.end - record.begin)
      tensors.append(NamedTensor(name: record.name, elementType: record.elementType, shape: record.shape, bytes: bytes))
    }
    return TensorFile(tensors: tensors.sorted { precedes($0.name, $1.name) }, metadata: header.metadata)
  }
}

/// What a safetensors file holds, by its header alone; its tensors are read one at a time.
public struct TensorIndex: Sendable {
  /// The file, as it was given.
  public let path: String
  /// In the order of bytes. Of a file with more than `mostNames` tensors, the first ones in the file and those that were asked for.
  public let names: [String]
  /// The tensors the file holds; more than `names` where they are many.
  public let count: Int
  /// Free text by key, sorted by key.
  public let metadata: [(String, String)]
  private let records: [[UInt8]: SafetensorsHeader.Record]
  private let dataStart: Int

  static let mostNames = 10_000

  /// Reads and checks the header, as `TensorFile.read` does, in a few MiB of memory whatever the file holds; `wanted` are the names that will
  /// be asked for.
  public init(path: String, wanted: Set<String>) throws(TensorFileError) {
    let file = try FileReader(path: path)
    let (header, dataStart) = try file.readHeader(mostRecords: Self.mostNames, isWanted: wanted.contains)
    self.path = path
    self.dataStart = dataStart
    metadata = header.metadata
    count = header.recordCount
    names = header.records.map(\.name).sorted(by: precedes)
    records = Dictionary(header.records.map { (Array($0.name.utf8), $0) }) { first, _ in first }
  }

  /// The shape of the tensor of that name, outermost first; `nil` where there is none.
  public func shape(of name: String) -> [Int]? { records[Array(name.utf8)]?.shape }

  /// The type of the elements of the tensor of that name; `nil` where there is none.
  public func elementType(of name: String) -> StoredElement? { records[Array(name.utf8)]?.elementType }

  /// The tensor of that name with its elements; `nil` where there is none.
  public func read(_ name: String) throws(TensorFileError) -> TensorEntry? {
    guard let record = records[Array(name.utf8)] else { return nil }
    let file = try FileReader(path: path)
    let bytes = try file.bytes(at: dataStart + record.begin, count: record.end - record.begin)
    return TensorEntry(name: record.name, elementType: record.elementType, shape: record.shape, bytes: bytes)
  }
}

extension FileReader {
  /// The header, and where the data begin.
  fileprivate func readHeader(
    mostRecords: Int = .max, isWanted: (String) -> Bool = { _ in true }
  ) throws(TensorFileError) -> (SafetensorsHeader, dataStart: Int) {
    guard size >= 8 else {
      throw TensorFileError(kind: .truncated, path: path, message: "is \(size) bytes long; a safetensors file has at least 8")
    }
    let length = try bytes(at: 0, count: 8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= TensorFile.longestHeader else {
      throw .corrupt("announces a header of \(length) bytes; the format allows \(TensorFile.longestHeader)", path: path)
    }
    let dataStart = 8 + Int(length)
    guard dataStart <= size else {
      throw TensorFileError(
        kind: .truncated, path: path, message: "announces a header of \(length) bytes, but only \(size - 8) bytes follow")
    }
    var offset = 8
    do {
      let header = try SafetensorsHeader(mostRecords: mostRecords, isWanted: isWanted) { () throws(SafetensorsHeaderError) in
        let count = min(1 << 18, dataStart - offset)
        defer { offset += count }
        do throws(TensorFileError) { return try self.bytes(at: offset, count: count) } catch {
          throw SafetensorsHeaderError(reason: error.message, reading: error)
        }
      }
      try header.checkCoverage(dataCount: size - dataStart)
      return (header, dataStart)
    } catch {
      throw error.reading
        ?? TensorFileError(kind: error.isTruncation ? .truncated : .corrupt(reason: error.reason), path: path, message: error.reason)
    }
  }
}
