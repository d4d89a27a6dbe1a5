/// A 64-bit checksum of values in order (the polynomial of their words modulo 2^64 with an odd multiplier): tells data sets apart, and is
/// no protection against intent.
public struct Fingerprint: Sendable {
  /// The checksum of what was absorbed so far.
  public private(set) var value: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// Of nothing yet.
  public init() {}

  /// Takes in one word.
  public mutating func absorb(_ word: UInt64) { value = (value ^ word) &* 0xD6E8_FEB8_6659_FD93 ^ (value >> 32) }

  /// Takes in numbers and how many there are.
  public mutating func absorb(_ numbers: [Int]) {
    absorb(UInt64(numbers.count))
    for number in numbers { absorb(UInt64(bitPattern: Int64(number))) }
  }

  /// Takes in bytes and how many there are.
  public mutating func absorb(_ bytes: [UInt8]) { bytes.withUnsafeBytes { absorb($0) } }

  /// Eight bytes at a time, the last ones filled up with zeros.
  public mutating func absorb(_ bytes: UnsafeRawBufferPointer) {
    absorb(UInt64(bytes.count))
    let whole = bytes.count / 8 * 8
    for offset in stride(from: 0, to: whole, by: 8) { absorb(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) }
    var rest: UInt64 = 0
    for byte in bytes[whole...].reversed() { rest = rest << 8 | UInt64(byte) }
    absorb(rest)
  }

  /// Takes in examples and what is learned of them; of a text that stays in its file what was found when it was read through.
  public mutating func absorb(_ data: DataSet) {
    absorb(data.shape)
    switch data.storage {
    case .bytes(let bytes, let scale):
      absorb(UInt64(scale.bitPattern))
      bytes.withUnsafeBytes { absorb($0) }
    case .floats(let floats): floats.withUnsafeBytes { absorb($0) }
    case .doubles(let doubles): doubles.withUnsafeBytes { absorb($0) }
    case .tokens(let tokens), .text(let tokens): tokens.withUnsafeBytes { absorb($0) }
    case .file(let tokens): absorb([tokens.count, Int(bitPattern: UInt(truncatingIfNeeded: tokens.fingerprint))])
    }
    switch data.target {
    case .labels(let labels): labels.withUnsafeBytes { absorb($0) }
    case .values(let values, let width):
      absorb([width])
      values.withUnsafeBytes { absorb($0) }
    case .nextTokens: break
    }
    data.lengths?.withUnsafeBytes { absorb($0) }
  }
}
