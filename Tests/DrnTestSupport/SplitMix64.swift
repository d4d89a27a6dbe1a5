import DrnReference

/// Random numbers that follow from a seed alone (Steele, Lea and Flood 2014): the same in every run.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A whole number in 0..<bound.
  public mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }

  /// One of them; `nil` where there are none.
  public mutating func pick<Element>(_ elements: [Element]) -> Element? { elements.isEmpty ? nil : elements[below(elements.count)] }

  /// Uniform in the range.
  public mutating func number(_ range: ClosedRange<Double> = -2...2) -> Double {
    range.lowerBound + Double(next() >> 11) * 0x1p-53 * (range.upperBound - range.lowerBound)
  }

  /// Uniform in the range, element by element.
  public mutating func tensor(_ shape: [Int], _ range: ClosedRange<Double> = -2...2) -> ReferenceTensor {
    ReferenceTensor(shape: shape, values: (0..<shape.reduce(1, *)).map { _ in number(range) })
  }
}
