import DrnNumbers
import Testing

@Suite("Exact quotients")
struct RationalTests {
  @Test("a percentage of a count is the whole number it is, by every rule of rounding")
  func percentages() {
    for percent in 0...100 {
      let share = Rational(nearest: Double(percent) / 100)
      #expect(share == Rational(percent, 100))
      for count in 0...400 {
        let (whole, rest) = (percent * count / 100, percent * count % 100)
        #expect(share.of(count, .down) == whole && share.of(count, .up) == whole + (rest > 0 ? 1 : 0))
        #expect(share.of(count, .toNearestOrAwayFromZero) == whole + (rest >= 50 ? 1 : 0))
      }
    }
  }

  @Test("the digits of a decimal number are its value")
  func decimals() {
    let written: [(Double, Int, Int)] = [
      (0.1, 1, 10), (0.57, 57, 100), (-2.5, -5, 2), (1e-4, 1, 10_000), (1e3, 1000, 1), (12.0, 12, 1),
      (0.123456789012345, 24_691_357_802_469, 200_000_000_000_000),
      (1e18, 1_000_000_000_000_000_000, 1), (2e-18, 1, 500_000_000_000_000_000), (0, 0, 1),
    ]
    for (value, numerator, denominator) in written { #expect(Rational(decimal: value) == Rational(numerator, denominator), "\(value)") }
    for value in [1e300, 1e-300, 1e-19, .nan, .infinity] { #expect(Rational(decimal: value) == nil) }
    #expect(Rational(nearest: 1e-300).of(5, .up) == 1 && Rational(nearest: 1e-300).of(Int.max, .down) == 9)
    #expect(
      Rational(nearest: 1e300) == Rational(Int.max) && Rational(nearest: -1e300) == Rational(-Int.max)
        && Rational(nearest: .nan) == Rational(0))
  }

  @Test("shares round toward the right side below zero too, and stop at the largest number instead of overflowing")
  func rounding() {
    let half = Rational(nearest: 0.5)
    #expect(half.of(-3, .down) == -2 && half.of(-3, .up) == -1 && half.of(-3, .towardZero) == -1 && half.of(-3, .awayFromZero) == -2)
    #expect(half.of(5, .toNearestOrEven) == 2 && half.of(7, .toNearestOrEven) == 4 && half.of(5, .toNearestOrAwayFromZero) == 3)
    #expect(Rational(3).of(Int.max, .down) == Int.max && Rational(-3).of(Int.max, .down) == -Int.max)
    #expect((Rational(1, 3) ?? 0).of(Int.max, .down) == Int.max / 3)
  }

  @Test("arithmetic keeps quotients exact and reports what does not fit")
  func arithmetic() {
    let (third, tenth) = (Rational(1, 3) ?? 0, Rational(nearest: 0.1))
    #expect(third.adding(tenth) == Rational(13, 30) && third.subtracting(tenth) == Rational(7, 30))
    #expect(third.multiplied(by: tenth) == Rational(1, 30) && third.divided(by: tenth) == Rational(10, 3) && tenth.divided(by: 0) == nil)
    #expect(tenth.adding(Rational(nearest: 0.2)) == Rational(nearest: 0.3))
    #expect(Rational(Int.max).adding(1) == nil && Rational(Int.max).multiplied(by: 2) == nil)
  }
}
