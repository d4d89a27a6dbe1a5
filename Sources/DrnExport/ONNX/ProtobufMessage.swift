/// Writes one message of protocol buffers: keys, varints and lengths, as ONNX needs them.
///
/// Source: the protocol buffers documentation, "Encoding".
struct ProtobufMessage {
  /// What has been written.
  private(set) var bytes: [UInt8] = []

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func key(_ field: Int, wire: UInt64) { varint(UInt64(field) << 3 | wire) }

  mutating func integer(_ field: Int, _ value: Int64) {
    key(field, wire: 0)
    varint(UInt64(bitPattern: value))
  }

  mutating func number(_ field: Int, _ value: Float) {
    key(field, wire: 5)
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func data(_ field: Int, _ value: some Collection<UInt8>) {
    key(field, wire: 2)
    varint(UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  mutating func text(_ field: Int, _ value: String) { data(field, value.utf8) }

  mutating func message(_ field: Int, _ write: (inout ProtobufMessage) -> Void) {
    var inner = ProtobufMessage()
    write(&inner)
    data(field, inner.bytes)
  }
}
