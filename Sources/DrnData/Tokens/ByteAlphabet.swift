/// The characters by which GPT-2 spells bytes: the printable ones of Latin-1 stand for themselves, and the others for those from U+0100 on.
///
/// Source: `bytes_to_unicode` of the code of GPT-2 (Radford et al. 2019).
enum ByteAlphabet {
  /// The character of each byte.
  static let characters: [Unicode.Scalar] = {
    var next: UInt32 = 0x100
    return (0..<256).map { (byte: UInt32) in
      let isPrintable = (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || (0xAE...0xFF).contains(byte)
      if !isPrintable { next += 1 }
      return Unicode.Scalar(isPrintable ? byte : next - 1) ?? " "
    }
  }()

  private static let bytes = Dictionary(uniqueKeysWithValues: characters.enumerated().map { ($1, UInt8($0)) })

  /// The bytes that a token stands for: those its characters spell, or its own where one of them spells none.
  static func bytes(spelt spelling: String) -> [UInt8] {
    let bytes = spelling.unicodeScalars.map { Self.bytes[$0] }
    return bytes.contains(nil) ? Array(spelling.utf8) : bytes.compactMap { $0 }
  }
}
