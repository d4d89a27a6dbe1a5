import DrnJSON
import DrnSystem

extension TensorFile {
  /// Writes a safetensors file that depends on nothing but the contents: tensors by name, metadata by key, the header padded
  /// with spaces so that the data starts at a multiple of 8.
  ///
  /// The file appears whole or not at all. Throws when the disk is full or the folder cannot be written, and `corrupt` for a name
  /// used twice and for a tensor whose bytes do not match its shape.
  public func write(path: String) throws(TensorFileError) {
    let chunks = try encoded(path: path)
    do { try Files.replace(path, with: chunks) } catch { throw .writing(path, code: error.code) }
  }

  /// The bytes of that file, the header first; `path` is for messages. Throws `corrupt` as `write` does.
  public func encoded(path: String) throws(TensorFileError) -> [[UInt8]] {
    try checkConsistency(path: path)
    let ordered = tensors.sorted { precedes($0.name, $1.name) }
    return [encodedHeader(ordered)] + ordered.map(\.bytes)
  }

  private func checkConsistency(path: String) throws(TensorFileError) {
    if let name = firstDuplicate(tensors.map(\.name) + [metadataName]) {
      throw .corrupt("the tensor name \"\(name)\" is used twice or reserved", path: path)
    }
    if let key = firstDuplicate(metadata.map(\.0)) { throw .corrupt("the metadata key \"\(key)\" is used twice", path: path) }
    for tensor in tensors where tensor.bytes.count != tensor.expectedByteCount {
      throw .corrupt(
        "tensor \"\(tensor.name)\" holds \(tensor.bytes.count) bytes, which does not match \(tensor.elementType.rawValue) \(tensor.shape)",
        path: path)
    }
  }

  /// The length and the padded JSON text.
  private func encodedHeader(_ ordered: [NamedTensor]) -> [UInt8] {
    var members: [JSON.Member] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { precedes($0.0, $1.0) }
      members.append(JSON.Member(metadataName, .fields(pairs.map { ($0.0, .string($0.1)) })))
    }
    var position = 0
    for tensor in ordered {
      let end = position + tensor.bytes.count
      let entry: JSON = [
        "dtype": .string(tensor.elementType.rawValue), "shape": .array(tensor.shape.map { .integer($0) }),
        "data_offsets": [.integer(position), .integer(end)],
      ]
      members.append(JSON.Member(tensor.name, entry))
      position = end
    }
    var text = JSON.object(members).bytes
    text += [UInt8](repeating: UInt8(ascii: " "), count: (8 - text.count % 8) % 8)
    return littleEndianBytes([UInt64(text.count)]) + text
  }
}
