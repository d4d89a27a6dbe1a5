/// Exact quotients of 64-bit integers in lowest terms with a positive denominator; arithmetic reports overflow as `nil`.
public struct Rational: Hashable, Comparable, Sendable {
  /// The sign of the quotient is its sign.
  public let numerator: Int
  /// At least 1.
  public let denominator: Int

  /// A whole number.
  public init(_ value: Int) {
    numerator = value
    denominator = 1
  }

  /// The quotient in lowest terms; `nil` for a zero denominator or on overflow.
  public init?(_ numerator: Int, _ denominator: Int) {
    guard denominator != 0, numerator != Int.min, denominator != Int.min else { return nil }
    let divisor = Self.greatestCommonDivisor(abs(numerator), abs(denominator))
    let sign = denominator < 0 ? -1 : 1
    self.numerator = sign * numerator / divisor
    self.denominator = abs(denominator) / divisor
  }

  private static func greatestCommonDivisor(_ left: Int, _ right: Int) -> Int {
    var (larger, smaller) = (left, right)
    while smaller != 0 { (larger, smaller) = (smaller, larger % smaller) }
    return max(1, larger)
  }

  /// Whether it is a whole number.
  public var isInteger: Bool { denominator == 1 }
  /// The nearest number in double precision, but for a rounding of parts beyond 2^53.
  public var number: Double { Double(numerator) / Double(denominator) }

  /// The exact sum; `nil` on overflow.
  public func adding(_ other: Rational) -> Rational? { combine(other) { $0.addingReportingOverflow($1) } }
  /// The exact difference; `nil` on overflow.
  public func subtracting(_ other: Rational) -> Rational? { combine(other) { $0.subtractingReportingOverflow($1) } }

  private func combine(_ other: Rational, _ operation: (Int, Int) -> (partialValue: Int, overflow: Bool)) -> Rational? {
    // Over the least common denominator, so that sums of decimals of one length do not overflow.
    let divisor = Self.greatestCommonDivisor(denominator, other.denominator)
    guard let left = multiply(numerator, other.denominator / divisor), let right = multiply(other.numerator, denominator / divisor),
      let bottom = multiply(denominator, other.denominator / divisor)
    else { return nil }
    let (top, overflow) = operation(left, right)
    return overflow ? nil : Rational(top, bottom)
  }

  /// The exact product; `nil` on overflow.
  public func multiplied(by other: Rational) -> Rational? {
    guard let first = Rational(numerator, other.denominator), let second = Rational(other.numerator, denominator),
      let top = multiply(first.numerator, second.numerator), let bottom = multiply(first.denominator, second.denominator)
    else { return nil }
    return Rational(top, bottom)
  }

  /// The exact quotient; `nil` where the other is zero, or on overflow.
  public func divided(by other: Rational) -> Rational? { Rational(other.denominator, other.numerator).flatMap(multiplied) }

  public static func < (left: Rational, right: Rational) -> Bool {
    let first = left.numerator.multipliedFullWidth(by: right.denominator)
    let second = right.numerator.multipliedFullWidth(by: left.denominator)
    return (first.high, first.low) < (second.high, second.low)
  }
}

private func multiply(_ left: Int, _ right: Int) -> Int? {
  let (product, overflow) = left.multipliedReportingOverflow(by: right)
  return overflow ? nil : product
}
