import Foundation

extension RandomStream {
  /// A number in [0, 1), a multiple of 2^-24, from the word at `index`.
  public func uniform(at index: UInt64) -> Float { Self.unit(bits(at: index)) }

  /// A standard normal number; `normal(at: i)` and `normal(at: i + 1)` for even `i` come from the same two words.
  ///
  /// Source: Box and Muller, "A Note on the Generation of Random Normal Deviates", 1958. The largest magnitude is 6.7.
  public func normal(at index: UInt64) -> Float {
    let words = block(index / 4)
    let pair = index % 4 < 2 ? Self.normalPair(words.0, words.1) : Self.normalPair(words.2, words.3)
    return index % 2 == 0 ? pair.0 : pair.1
  }

  /// The `count` uniform numbers from index 0, equal to `uniform(at:)` of each.
  public func uniforms(count: Int) -> [Float] {
    fill(count: count) { words in (Self.unit(words.0), Self.unit(words.1), Self.unit(words.2), Self.unit(words.3)) }
  }

  /// The `count` standard normal numbers from index 0, equal to `normal(at:)` of each.
  public func normals(count: Int) -> [Float] {
    fill(count: count) { words in
      let first = Self.normalPair(words.0, words.1)
      let second = Self.normalPair(words.2, words.3)
      return (first.0, first.1, second.0, second.1)
    }
  }

  private static func unit(_ word: UInt32) -> Float { Float(word >> 8) * 0x1p-24 }

  private static func normalPair(_ first: UInt32, _ second: UInt32) -> (Float, Float) {
    // One is added so that the logarithm never sees zero.
    let radius = (-2 * log((Double(first) + 1) * 0x1p-32)).squareRoot()
    let angle = 2 * Double.pi * Double(second) * 0x1p-32
    return (Float(radius * cos(angle)), Float(radius * sin(angle)))
  }

  private func fill(
    count: Int, _ convert: ((UInt32, UInt32, UInt32, UInt32)) -> (Float, Float, Float, Float)
  ) -> [Float] {
    var values: [Float] = []
    values.reserveCapacity(max(count, 0) + 3)
    var index: UInt64 = 0
    while values.count < count {
      let four = convert(block(index))
      values.append(contentsOf: [four.0, four.1, four.2, four.3])
      index += 1
    }
    values.removeLast(max(values.count - max(count, 0), 0))
    return values
  }
}
