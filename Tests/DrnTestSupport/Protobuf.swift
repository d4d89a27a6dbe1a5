/// A message of protocol buffers under construction, for files of ONNX that no library would write.
public struct ProtobufBytes {
  /// What has been written.
  public private(set) var bytes: [UInt8] = []
  public init() {}

  /// A number, seven bits a byte.
  public static func varint(_ value: UInt64) -> [UInt8] {
    var (rest, bytes) = (value, [UInt8]())
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }

  /// A field with a number.
  public func number(_ field: UInt64, _ value: UInt64) -> ProtobufBytes { adding(Self.varint(field << 3) + Self.varint(value)) }

  /// A field with bytes; `announced` in place of their count.
  public func data(_ field: UInt64, _ value: [UInt8], announced: UInt64? = nil) -> ProtobufBytes {
    adding(Self.varint(field << 3 | 2) + Self.varint(announced ?? UInt64(value.count)) + value)
  }

  /// A field with a text.
  public func text(_ field: UInt64, _ value: String) -> ProtobufBytes { data(field, Array(value.utf8)) }

  /// A field with a message.
  public func message(_ field: UInt64, _ value: ProtobufBytes) -> ProtobufBytes { data(field, value.bytes) }

  /// Any bytes.
  public func adding(_ more: [UInt8]) -> ProtobufBytes {
    var copy = self
    copy.bytes += more
    return copy
  }
}

extension ProtobufBytes {
  /// A tensor of ONNX in single precision, as raw bytes.
  public static func tensor(_ name: String, _ shape: [Int], _ values: [Float]) -> ProtobufBytes {
    let raw = values.flatMap { littleEndian($0.bitPattern) }
    return shape.reduce(ProtobufBytes()) { $0.number(1, UInt64($1)) }.number(2, 1).text(8, name).data(9, raw)
  }

  /// A node of ONNX.
  public static func node(_ operation: String, _ inputs: [String], transposed: Bool? = nil) -> ProtobufBytes {
    var node = inputs.reduce(ProtobufBytes()) { $0.text(1, $1) }.text(2, "y").text(4, operation)
    if let transposed { node = node.message(5, ProtobufBytes().text(1, "transB").number(3, transposed ? 1 : 0)) }
    return node
  }

  /// A model of ONNX.
  public static func model(nodes: [ProtobufBytes] = [], tensors: [ProtobufBytes], producer: String = "test") -> [UInt8] {
    let graph = tensors.reduce(nodes.reduce(ProtobufBytes()) { $0.message(1, $1) }) { $0.message(5, $1) }
    return ProtobufBytes().number(1, 8).text(2, producer).message(7, graph).bytes
  }
}
