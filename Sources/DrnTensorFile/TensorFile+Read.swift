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
    let (header, dataStart) = try readHeader(file)
    var tensors: [NamedTensor] = []
    for record in header.records {
      let bytes = try file.bytes(at: dataStart + record.begin, count: record.end - record.begin)
      tensors.append(NamedTensor(name: record.name, elementType: record.elementType, shape: record.shape, bytes: bytes))
    }
    return TensorFile(tensors: tensors.sorted { precedes($0.name, $1.name) }, metadata: header.metadata)
  }

  private static func readHeader(_ file: borrowing FileReader) throws(TensorFileError) -> (SafetensorsHeader, dataStart: Int) {
    let path = file.path
    guard file.size >= 8 else {
      throw TensorFileError(kind: .truncated, path: path, message: "is \(file.size) bytes long; a safetensors file has at least 8")
    }
    let length = try file.bytes(at: 0, count: 8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= longestHeader else {
      throw .corrupt("announces a header of \(length) bytes; the format allows \(longestHeader)", path: path)
    }
    let dataStart = 8 + Int(length)
    guard dataStart <= file.size else {
      throw TensorFileError(
        kind: .truncated, path: path, message: "announces a header of \(length) bytes, but only \(file.size - 8) bytes follow")
    }
    let text = try file.bytes(at: 8, count: Int(length))
    do {
      let header = try SafetensorsHeader(decoding: text)
      try header.checkCoverage(dataCount: file.size - dataStart)
      return (header, dataStart)
    } catch {
      throw TensorFileError(
        kind: error.isTruncation ? .truncated : .corrupt(reason: error.reason), path: path, message: error.reason)
    }
  }
}
