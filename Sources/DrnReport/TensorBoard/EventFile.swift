/// A file of scalars as TensorBoard reads them: records of a length, the masked checksum of that, a protobuf message, and its masked checksum.
///
/// Messages are those of `tensorflow/core/util/event.proto` and `framework/summary.proto`, of which `wall_time` (1), `step` (2), `file_version`
/// (3) and `summary` (5) of an event, `value` (1) of a summary, and `tag` (1) and `simple_value` (2) of a value are written.
public struct EventFile: Sendable {
  /// What was written so far.
  public private(set) var bytes: [UInt8] = []

  /// A file with the record that says which version it has.
  public init() {
    var event = Protobuf()
    event.add(1, 0.0)
    event.add(3, Array("brain.Event:2".utf8))
    append(event.bytes)
  }

  /// Adds scalars of one step; `time` is in seconds, of which TensorBoard shows differences.
  public mutating func add(step: Int, time: Double, _ scalars: [(tag: String, value: Double)]) {
    guard !scalars.isEmpty else { return }
    var summary = Protobuf()
    for (tag, value) in scalars {
      var one = Protobuf()
      one.add(1, Array(tag.utf8))
      one.add(2, Float(value))
      summary.add(1, one.bytes)
    }
    var event = Protobuf()
    event.add(1, time)
    event.add(2, UInt64(max(0, step)))
    event.add(5, summary.bytes)
    append(event.bytes)
  }

  private mutating func append(_ message: [UInt8]) {
    let length = Protobuf.littleEndian(UInt64(message.count))
    bytes += length + Protobuf.littleEndian(CRC32C.masked(length))
    bytes += message + Protobuf.littleEndian(CRC32C.masked(message))
  }
}

/// Fields of a protobuf message in their wire format.
struct Protobuf {
  private(set) var bytes: [UInt8] = []

  private mutating func addVarint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// A number of variable length.
  mutating func add(_ field: Int, _ value: UInt64) {
    addVarint(UInt64(field) << 3)
    addVarint(value)
  }

  /// A number of eight bytes.
  mutating func add(_ field: Int, _ value: Double) {
    addVarint(UInt64(field) << 3 | 1)
    bytes += Self.littleEndian(value.bitPattern)
  }

  /// A number of four bytes.
  mutating func add(_ field: Int, _ value: Float) {
    addVarint(UInt64(field) << 3 | 5)
    bytes += Self.littleEndian(value.bitPattern)
  }

  /// A text or a message.
  mutating func add(_ field: Int, _ value: [UInt8]) {
    addVarint(UInt64(field) << 3 | 2)
    addVarint(UInt64(value.count))
    bytes += value
  }

  static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
}

/// The checksum of Castagnoli (RFC 3720), by a table of bytes.
enum CRC32C {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { rest, _ in rest & 1 == 1 ? rest >> 1 ^ 0x82F6_3B78 : rest >> 1 }
  }

  /// Of bytes from the first to the last.
  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { rest, byte in table[Int(UInt8(truncatingIfNeeded: rest) ^ byte)] ^ rest >> 8 }
  }

  /// As records store it: the checksum of bytes that hold their own checksum says little, so it is rotated and moved.
  static func masked(_ bytes: [UInt8]) -> UInt32 {
    let sum = checksum(bytes)
    return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
  }
}
