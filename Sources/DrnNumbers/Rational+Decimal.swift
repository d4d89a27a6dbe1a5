/// Numbers written in decimal, exactly.
extension Rational: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  /// The number that the shortest decimal form of a `Double` writes, so that 0.29 is 29/100: what was written, for up to 15 digits.
  ///
  /// `nil` where it is not finite or does not fit: beyond 18 digits before the point, or with digits after the 18th place behind it.
  public init?(decimal value: Double) {
    guard value.isFinite else { return nil }
    let parts = "\(abs(value))".split(separator: "e", omittingEmptySubsequences: false)
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let fraction = mantissa.count > 1 && mantissa[1] != "0" ? mantissa[1] : ""
    guard let digits = Int(mantissa[0] + fraction), let exponent = parts.count > 1 ? Int(parts[1]) : 0 else { return nil }
    let places = fraction.count - exponent
    guard (-18...18).contains(places), let power = Self.powerOfTen(abs(places)) else { return nil }
    let sign = value < 0 ? -1 : 1
    guard places < 0 else { self.init(sign * digits, power); return }
    let (whole, overflow) = digits.multipliedReportingOverflow(by: power)
    guard !overflow else { return nil }
    self.init(sign * whole, 1)
  }

  /// The same, or the nearest there is: a share too small to fit is 10^-18, which rounds as it would, and a large number is rounded or cut off.
  public init(nearest value: Double) {
    self = Rational(decimal: value) ?? Self.limited(value)
  }

  private static func limited(_ value: Double) -> Rational {
    if value.isNaN || value == 0 { return Rational(0) }
    if abs(value) < 1 { return Rational(value < 0 ? -1 : 1, 1_000_000_000_000_000_000) ?? Rational(0) }
    return Rational(abs(value) < 9e18 ? Int(value.rounded()) : value < 0 ? -Int.max : Int.max)
  }

  /// The nearest quotient to a literal in double precision, as `init(nearest:)` gives it.
  public init(floatLiteral value: Double) { self.init(nearest: value) }
  /// A whole number.
  public init(integerLiteral value: Int) { self.init(value) }

  private static func powerOfTen(_ exponent: Int) -> Int? { (0..<exponent).reduce(1) { power, _ in power.map { $0 * 10 } } }

  /// This share of a count, exactly, then rounded; at most `Int.max` in size.
  public func of(_ count: Int, _ rule: FloatingPointRoundingRule) -> Int {
    let size = count.magnitude.multipliedFullWidth(by: numerator.magnitude)
    let divisor = denominator.magnitude
    guard size.high < divisor else { return (count < 0) != (numerator < 0) ? -Int.max : Int.max }
    let (quotient, remainder) = divisor.dividingFullWidth((size.high, size.low))
    let isNegative = (count < 0) != (numerator < 0)
    let isUp: Bool
    switch rule {
    case .towardZero: isUp = false
    case .awayFromZero: isUp = remainder > 0
    case .down: isUp = isNegative && remainder > 0
    case .up: isUp = !isNegative && remainder > 0
    case .toNearestOrAwayFromZero: isUp = remainder >= divisor - remainder
    case .toNearestOrEven: isUp = remainder > divisor - remainder || (remainder == divisor - remainder && quotient % 2 == 1)
    @unknown default: isUp = false
    }
    let whole = quotient < UInt(Int.max) ? Int(quotient) + (isUp ? 1 : 0) : Int.max
    return isNegative ? -whole : whole
  }
}
