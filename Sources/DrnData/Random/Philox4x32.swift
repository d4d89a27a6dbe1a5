/// The counter-based generator Philox4x32 with ten rounds.
///
/// Source: Salmon, Moraes, Dror, Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011, section 4.3.
public enum Philox4x32 {
  private static let rounds = 10
  private static let multipliers: (UInt32, UInt32) = (0xD251_1F53, 0xCD9E_8D57)
  /// The Weyl increments of the key: the golden ratio, and the square root of 3 less one.
  private static let increments: (UInt32, UInt32) = (0x9E37_79B9, 0xBB67_AE85)

  /// The four random words that belong to a counter and a key.
  public static func block(counter: (UInt32, UInt32, UInt32, UInt32), key: (UInt32, UInt32)) -> (UInt32, UInt32, UInt32, UInt32) {
    var words = counter
    var roundKey = key
    for round in 0..<rounds {
      if round > 0 {
        roundKey.0 &+= increments.0
        roundKey.1 &+= increments.1
      }
      let left = multipliers.0.multipliedFullWidth(by: words.0)
      let right = multipliers.1.multipliedFullWidth(by: words.2)
      words = (right.high ^ words.1 ^ roundKey.0, right.low, left.high ^ words.3 ^ roundKey.1, left.low)
    }
    return words
  }
}
