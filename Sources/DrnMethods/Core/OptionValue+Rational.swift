import DrnNumbers

extension OptionValue {
  /// The exact quotient of an integer or rational value.
  public var rational: Rational? {
    switch self {
    case .integer(let value): Rational(value)
    case .rational(let numerator, let denominator): Rational(numerator, denominator)
    case .decimal, .percent, .boolean, .text, .word, .moment, .duration, .proportion, .list, .call, .pattern: nil
    }
  }

  /// The exact value of every number that fits; a decimal number or percentage is what its digits say.
  public var exactNumber: Rational? { rational ?? number.flatMap { Rational(decimal: $0) } }

  /// The number as a factor of counts: exact, or the nearest that fits.
  public var share: Rational? { rational ?? number.map { Rational(nearest: $0) } }

  /// An exact value of the source: an integer when it is one.
  public init(_ value: Rational) {
    self = value.isInteger ? .integer(value.numerator) : .rational(numerator: value.numerator, denominator: value.denominator)
  }

  /// The exact result of arithmetic with a decimal number: a decimal number where its digits say all of it, else a quotient.
  public init(decimalOrQuotient value: Rational) {
    self = Rational(decimal: value.number) == value ? .decimal(value.number) : OptionValue(value)
  }
}
