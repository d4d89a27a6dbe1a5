/// Pictures for tests, made without a library.
public enum SmallPicture {
  /// A PNG of one grey value, its pixels in a stored block of deflate; `side` is at most 15.
  public static func png(_ value: UInt8, side: Int) -> [UInt8] {
    func big(_ number: UInt32) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) } }
    func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
      let named = Array(name.utf8) + body
      let sum = named.reduce(0xFFFF_FFFF as UInt32) { crc, byte in
        (0..<8).reduce(crc ^ UInt32(byte)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
      }
      return big(UInt32(body.count)) + named + big(~sum)
    }
    let raw: [UInt8] = (0..<side).flatMap { _ in [0] + [UInt8](repeating: value, count: side) }
    var (low, high) = (1 as UInt32, 0 as UInt32)
    for byte in raw {
      low = (low + UInt32(byte)) % 65521
      high = (high + low) % 65521
    }
    let count = UInt8(raw.count)
    let stream: [UInt8] = [0x78, 0x01, 1, count, 0, ~count, 0xFF] + raw + big(high << 16 | low)
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", big(UInt32(side)) + big(UInt32(side)) + [8, 0, 0, 0, 0])
      + chunk("IDAT", stream) + chunk("IEND", [])
  }
}
