/// The finite number written in decimal in `bytes[range]`, or nil; no blanks, no hexadecimal, no names such as `nan`.
///
/// Up to 15 digits with a small power of ten are converted by one exact multiplication or division (Clinger, "How to Read Floating
/// Point Numbers Accurately", PLDI 1990), everything else by the standard library.
func parseDecimal(_ bytes: [UInt8], _ range: Range<Int>) -> Double? {
  var scanner = DecimalScanner(bytes: bytes, position: range.lowerBound, end: range.upperBound)
  guard let number = scanner.scan() else { return nil }
  if number.digits <= 15, abs(number.exponent) < powersOfTen.count {
    let mantissa = Double(number.mantissa)
    let value = number.exponent < 0 ? mantissa / powersOfTen[-number.exponent] : mantissa * powersOfTen[number.exponent]
    return number.isNegative ? -value : value
  }
  guard let value = Double(String(decoding: bytes[range], as: UTF8.self)), value.isFinite else { return nil }
  return value
}

/// The powers of ten that `Double` represents exactly.
private let powersOfTen: [Double] = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
]

private struct DecimalScanner {
  /// A number as it is written: mantissa times ten to the exponent. The mantissa is meaningful up to 15 digits.
  struct Number {
    var mantissa: UInt64 = 0
    var digits = 0
    var exponent = 0
    var isNegative = false
  }

  let bytes: [UInt8]
  var position: Int
  let end: Int

  mutating func scan() -> Number? {
    var number = Number()
    number.isNegative = takeSign()
    let whole = scanDigits(into: &number)
    var fraction = 0
    if position < end, bytes[position] == UInt8(ascii: ".") {
      position += 1
      fraction = scanDigits(into: &number)
      number.exponent = -fraction
    }
    guard whole + fraction > 0, scanExponent(into: &number) else { return nil }
    return position == end ? number : nil
  }

  private mutating func takeSign() -> Bool {
    guard position < end, bytes[position] == UInt8(ascii: "-") || bytes[position] == UInt8(ascii: "+") else { return false }
    position += 1
    return bytes[position - 1] == UInt8(ascii: "-")
  }

  /// The number of digits taken.
  private mutating func scanDigits(into number: inout Number) -> Int {
    let start = position
    while position < end, case let digit = bytes[position] &- 0x30, digit < 10 {
      if number.digits > 0 || digit > 0 { number.digits += 1 }
      if number.digits <= 15 { number.mantissa = number.mantissa * 10 + UInt64(digit) }
      position += 1
    }
    return position - start
  }

  /// False when an exponent is begun and has no digits.
  private mutating func scanExponent(into number: inout Number) -> Bool {
    guard position < end, bytes[position] | 0x20 == UInt8(ascii: "e") else { return true }
    position += 1
    let isNegative = takeSign()
    let start = position
    var exponent = 0
    while position < end, case let digit = bytes[position] &- 0x30, digit < 10 {
      exponent = min(exponent * 10 + Int(digit), 1_000_000)
      position += 1
    }
    number.exponent += isNegative ? -exponent : exponent
    return position > start
  }
}
