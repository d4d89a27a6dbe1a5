import DrnTestSupport
import Foundation

/// PNG and JPEG files made here, without the libraries that read them.
enum PictureFiles {
  /// A PNG of 8 bits a channel in stored deflate blocks (W3C, "Portable Network Graphics", second edition); `channels` is 1, 3 or 4 (alpha).
  static func png(_ planes: [UInt8], width: Int, height: Int, channels: Int) -> [UInt8] {
    var raw: [UInt8] = []
    for y in 0..<height {
      raw.append(0)
      for x in 0..<width { for channel in 0..<channels { raw.append(planes[(channel * height + y) * width + x]) } }
    }
    let color: UInt8 = channels == 1 ? 0 : channels == 3 ? 2 : 6
    let header = bigEndian(UInt32(width)) + bigEndian(UInt32(height)) + [8, color, 0, 0, 0]
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header) + chunk("IDAT", zlib(raw)) + chunk("IEND", [])
  }

  private static func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
    let named = Array(name.utf8) + body
    return bigEndian(UInt32(body.count)) + named + bigEndian(checksum(named))
  }

  /// Stored blocks with the Adler checksum (RFC 1950).
  private static func zlib(_ bytes: [UInt8]) -> [UInt8] {
    var (low, high) = (1 as UInt32, 0 as UInt32)
    for byte in bytes {
      low = (low + UInt32(byte)) % 65521
      high = (high + low) % 65521
    }
    let count = UInt16(bytes.count)
    return [0x78, 0x01, 1] + littleEndian(count) + littleEndian(~count) + bytes + bigEndian(high << 16 | low)
  }

  /// A grey baseline JPEG of 8 x 8 pixels, all of one value (ITU-T T.81): one block with nothing but its mean. The table of quantization is 1
  /// throughout, and the Huffman table gives the length 7 its only code. `mean` is from -64 to -127 or from 64 to 127, over 128.
  static func jpeg(mean: Int) -> [UInt8] {
    let quantization: [UInt8] = [0xFF, 0xDB, 0, 67, 0] + [UInt8](repeating: 8, count: 64)
    let frame: [UInt8] = [0xFF, 0xC0, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0]
    func huffman(_ kind: UInt8, _ symbol: UInt8) -> [UInt8] {
      [0xFF, 0xC4, 0, 20, kind, 1] + [UInt8](repeating: 0, count: 15) + [symbol]
    }
    // Code 0 for the length of the mean, its seven bits, and code 0 for the end of the block; filled up with ones.
    let bits = mean > 0 ? mean : mean + 127
    let data = UInt16(bits) << 8 | 0x7F
    let body = littleEndian(data.byteSwapped).flatMap { $0 == 0xFF ? [$0, 0] : [$0] }
    let scan: [UInt8] = [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0]
    return [0xFF, 0xD8] + quantization + frame + huffman(0x00, 7) + huffman(0x10, 0) + scan + body + [0xFF, 0xD9]
  }
}
