/// An endless sequence of random numbers with random access: each number is a function of (seed, purpose, name, index) alone.
///
/// Streams of different purposes or names are independent, so that one more consumer changes no number of the others. The key of
/// the generator is the seed; the upper half of its counter identifies the purpose and the name, the lower half the index.
public struct RandomStream: Equatable, Sendable {
  private let key: UInt64
  private let identity: UInt64

  /// The stream of a seed for a purpose ("initial", "split", "order", ...) and a name (a weight, a data set, ...).
  public init(seed: UInt64, purpose: String, name: String) {
    key = seed
    identity = fingerprint([purpose, name])
  }

  private init(key: UInt64, identity: UInt64) {
    self.key = key
    self.identity = identity
  }

  /// An independent stream for each number: an epoch, a sample, a repetition.
  public func derived(_ number: UInt64) -> RandomStream {
    RandomStream(key: key, identity: scrambled(identity &+ scrambled(number &+ 1)))
  }

  /// The four words of one block; word `index` of the stream is word `index % 4` of block `index / 4`.
  public func block(_ index: UInt64) -> (UInt32, UInt32, UInt32, UInt32) {
    Philox4x32.block(
      counter: (low(index), high(index), low(identity), high(identity)),
      key: (low(key), high(key)))
  }

  /// The 32 random bits at `index`.
  public func bits(at index: UInt64) -> UInt32 {
    let words = block(index / 4)
    switch index % 4 {
    case 0: return words.0
    case 1: return words.1
    case 2: return words.2
    default: return words.3
    }
  }

  private func low(_ word: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: word) }
  private func high(_ word: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: word >> 32) }
}

/// A 64-bit identity of a list of texts (FNV-1a over their bytes, each text closed by its length, then scrambled).
private func fingerprint(_ texts: [String]) -> UInt64 {
  var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  func absorb(_ byte: UInt8) {
    hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
  }
  for text in texts {
    text.utf8.forEach(absorb)
    let count = UInt64(text.utf8.count)
    for shift in stride(from: 0, to: 64, by: 8) { absorb(UInt8(truncatingIfNeeded: count >> UInt64(shift))) }
  }
  return scrambled(hash)
}

/// A bijection of 64-bit words that spreads every input bit over the output (the finalizer of SplitMix64; Steele, Lea, Flood,
/// "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014).
private func scrambled(_ word: UInt64) -> UInt64 {
  var word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
  word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
  return word ^ (word >> 31)
}
