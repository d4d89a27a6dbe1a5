import DrnMethods

/// Exact quotients of 64-bit integers in lowest terms with a positive denominator; every operation reports overflow as `nil`.
struct Rational: Hashable, Comparable {
  let numerator: Int
  let denominator: Int

  init(_ value: Int) {
    numerator = value
    denominator = 1
  }

  /// The quotient in lowest terms; `nil` for a zero denominator or on overflow.
  init?(_ numerator: Int, _ denominator: Int) {
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

  var isInteger: Bool { denominator == 1 }
  var number: Double { Double(numerator) / Double(denominator) }

  /// As a value of the source: an integer when it is one.
  var value: OptionValue { isInteger ? .integer(numerator) : .rational(numerator: numerator, denominator: denominator) }

  func adding(_ other: Rational) -> Rational? { combine(other) { $0.addingReportingOverflow($1) } }
  func subtracting(_ other: Rational) -> Rational? { combine(other) { $0.subtractingReportingOverflow($1) } }

  private func combine(_ other: Rational, _ operation: (Int, Int) -> (partialValue: Int, overflow: Bool)) -> Rational? {
    guard let left = multiply(numerator, other.denominator), let right = multiply(other.numerator, denominator),
      let bottom = multiply(denominator, other.denominator)
    else { return nil }
    let (top, overflow) = operation(left, right)
    return overflow ? nil : Rational(top, bottom)
  }

  func multiplied(by other: Rational) -> Rational? {
    guard let top = multiply(numerator, other.numerator), let bottom = multiply(denominator, other.denominator) else { return nil }
    return Rational(top, bottom)
  }

  func divided(by other: Rational) -> Rational? {
    guard let top = multiply(numerator, other.denominator), let bottom = multiply(denominator, other.numerator) else { return nil }
    return Rational(top, bottom)
  }

  static func < (left: Rational, right: Rational) -> Bool {
    let first = left.numerator.multipliedFullWidth(by: right.denominator)
    let second = right.numerator.multipliedFullWidth(by: left.denominator)
    return (first.high, first.low) < (second.high, second.low)
  }
}

private func multiply(_ left: Int, _ right: Int) -> Int? {
  let (product, overflow) = left.multipliedReportingOverflow(by: right)
  return overflow ? nil : product
}

extension OptionValue {
  /// The exact quotient of an integer or rational value.
  var rational: Rational? {
    switch self {
    case .integer(let value): Rational(value)
    case .rational(let numerator, let denominator): Rational(numerator, denominator)
    case .decimal, .percent, .boolean, .text, .word, .moment, .duration, .proportion, .list, .call, .pattern: nil
    }
  }
}
