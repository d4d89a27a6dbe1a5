import CKernels
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Philox4x32-10 written out from the definition in drn/random.h.
private func philoxBlock(_ block: UInt64, _ key0: UInt32, _ key1: UInt32) -> [UInt32] {
  var c = [UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32), 0, 0]
  var (k0, k1) = (key0, key1)
  for _ in 0..<10 {
    let p = UInt64(c[0]) * 0xD251_1F53
    let q = UInt64(c[2]) * 0xCD9E_8D57
    c = [
      UInt32(q >> 32) ^ c[1] ^ k0, UInt32(truncatingIfNeeded: q), UInt32(p >> 32) ^ c[3] ^ k1, UInt32(truncatingIfNeeded: p),
    ]
    k0 &+= 0x9E37_79B9
    k1 &+= 0xBB67_AE85
  }
  return c
}

private func uniformNumber(_ element: Int, _ key0: UInt32, _ key1: UInt32) -> Float {
  Float(philoxBlock(UInt64(element / 4), key0, key1)[element % 4] >> 8) * 0x1p-24
}

@Suite("Kernels: random streams")
struct KernelRandomTests {
  private static let ranges = [0..<0, 0..<1, 3..<5, 0..<257, 61..<200, (1 << 35) + 3..<(1 << 35) + 40]

  /// What `fill` writes to the elements of `range`, whose pointer stands for element 0.
  private func elements(_ range: Range<Int>, _ fill: (UnsafeMutablePointer<Float>) -> Void) -> [Float] {
    var values = [Float](repeating: -9, count: range.count)
    values.withUnsafeMutableBufferPointer { buffer in
      if let base = buffer.baseAddress { fill(base - range.lowerBound) }
    }
    return values
  }

  @Test("the zero block has the published words")
  func publishedWords() {
    // The known answer for a zero counter and key that the authors publish with Random123.
    #expect(philoxBlock(0, 0, 0) == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
  }

  @Test("uniform numbers are the ones defined, bit for bit, wherever a piece begins", arguments: InstructionSet.allCases)
  func uniform(isa: InstructionSet) {
    for range in Self.ranges {
      let values = isa.run { elements(range) { drn_random_uniform($0, range.lowerBound, range.upperBound, -2, 3, 17, 0xFFFF_FFF0) } }
      let expected = range.map { element in
        let product = uniformNumber(element, 17, 0xFFFF_FFF0) * 5
        return product + -2
      }
      #expect(values == expected)
    }
  }

  @Test("dropout keeps and scales exactly the elements whose number reaches the rate", arguments: InstructionSet.allCases)
  func dropout(isa: InstructionSet) {
    for rate in [Float(0), 0.1, 0.5, 0.999, 1] {
      for range in Self.ranges {
        let x = range.map { Float($0 % 13) - 6 }
        let y = elements(range) { y in
          x.withUnsafeBufferPointer { x in
            guard let base = x.baseAddress else { return }
            isa.run { drn_dropout(base - range.lowerBound, y, range.lowerBound, range.upperBound, rate, 5, 6) }
          }
        }
        let scale: Float = rate < 1 ? 1 / (1 - rate) : 0
        let expected = range.map { uniformNumber($0, 5, 6) >= rate ? (Float($0 % 13) - 6) * scale : 0 }
        #expect(y == expected)
      }
    }
  }

  @Test("dropout in place equals dropout into another array")
  func dropoutInPlace() {
    let x = (0..<100).map { Float($0) }
    var y = x
    var other = [Float](repeating: 0, count: 100)
    drn_dropout(x, &other, 0, 100, 0.3, 1, 2)
    y.withUnsafeMutableBufferPointer { buffer in
      if let base = buffer.baseAddress { drn_dropout(base, base, 0, 100, 0.3, 1, 2) }
    }
    #expect(y == other)
    #expect(y.contains(0) && y.contains { $0 > 0 })
  }

  @Test("normal numbers are Box and Muller's, rounded from double")
  func normal() {
    for range in Self.ranges {
      let values = elements(range) { drn_random_normal($0, range.lowerBound, range.upperBound, 1, 0.5, 3, 4) }
      let expected = range.map { element -> Double in
        let words = philoxBlock(UInt64(element / 4), 3, 4)
        let pair = element % 4 & 2
        let radius = (-2 * log((Double(words[pair]) + 1) * 0x1p-32)).squareRoot()
        let angle = 6.283185307179586 * (Double(words[pair + 1]) * 0x1p-32)
        return 1 + 0.5 * radius * (element % 2 == 0 ? cos(angle) : sin(angle))
      }
      // Half a unit in the last place of numbers under 4.
      #expect(largestError(values, expected) <= 2.4e-7)
    }
  }

  @Test("normal numbers have the mean and deviation asked for")
  func normalMoments() {
    var values = [Float](repeating: 0, count: 40000)
    drn_random_normal(&values, 0, values.count, 2, 3, 8, 9)
    let mean = values.reduce(0.0) { $0 + Double($1) } / 40000
    let variance = values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / 40000
    // Five standard errors: 3 / 200 for the mean, 9 * sqrt(2) / 200 for the variance.
    #expect(abs(mean - 2) < 0.075)
    #expect(abs(variance - 9) < 0.32)
  }
}
