/// The counter-based generator Philox4x32-10 (Salmon, Moraes, Dror and Shaw, 2011, section 3.3).
enum Philox {
  /// The four words of the block with that counter.
  static func block(counter: [UInt32], key: [UInt32]) -> [UInt32] {
    var words = counter
    var (low, high) = (key[0], key[1])
    for _ in 0..<10 {
      let first = words[0].multipliedFullWidth(by: 0xD251_1F53)
      let second = words[2].multipliedFullWidth(by: 0xCD9E_8D57)
      words = [second.high ^ words[1] ^ low, second.low, first.high ^ words[3] ^ high, first.low]
      low &+= 0x9E37_79B9
      high &+= 0xBB67_AE85
    }
    return words
  }
}

/// The random words of one stream under one key.
struct PhiloxStream {
  let key: UInt64

  /// Mixes the key with the FNV-1a 64 hash of the name's UTF-8 bytes.
  init(key: UInt64, name: String) {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    self.key = key ^ hash
  }

  /// The word of element `index`.
  func word(_ index: Int) -> UInt32 {
    let block = UInt64(index / 4)
    let words = Philox.block(
      counter: [UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32), 0, 0],
      key: [UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key >> 32)])
    return words[index % 4]
  }

  /// A multiple of 2^-24 in [0, 1).
  func uniform(_ index: Int) -> Double { Double(word(index) >> 8) * 0x1p-24 }
}
