import DrnJSON
import DrnSystem

extension TensorFile {
  /// Writes a safetensors file that depends on nothing but the contents: tensors by name, metadata by key, the header padded
  /// with spaces so that the data starts at a multiple of 8.
  ///
  /// The file appears whole or not at all. Throws when the disk is full or the folder cannot be written, and `corrupt` for a name
  /// used twice and for a tensor whose bytes do not match its shape.
  public func write(path: String) throws(TensorFileError) {
    try checkConsistency(path: path)
    let ordered = tensors.sorted { precedes($0.name, $1.name) }
    do { try Files.replace(path, with: [encodedHeader(ordered)] + ordered.map(\.bytes)) } catch { throw .writing(path, code: error.code) }
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
    let quoted = JSONText.string
    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { precedes($0.0, $1.0) }.map { "\(quoted($0.0)):\(quoted($0.1))" }
      members.append("\"\(metadataName)\":{\(pairs.joined(separator: ","))}")
    }
    var position = 0
    for tensor in ordered {
      let end = position + tensor.bytes.count
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      members.append(
        "\(quoted(tensor.name)):{\"dtype\":\"\(tensor.elementType.rawValue)\",\"shape\":[\(shape)],\"data_offsets\":[\(position),\(end)]}")
      position = end
    }
    var text = Array("{\(members.joined(separator: ","))}".utf8)
    text += [UInt8](repeating: UInt8(ascii: " "), count: (8 - text.count % 8) % 8)
    return littleEndianBytes([UInt64(text.count)]) + text
  }
}
