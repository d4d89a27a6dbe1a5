import CKernels
import Foundation
import Testing

@Suite("Kernels: powers and masks by magnitude")
struct KernelMagnitudeTests {
  /// Magnitudes from 1e-6 to 1e3 of both signs, and zeros of both signs.
  private static let numbers: [Float] =
    [0, -0.0]
    + (0..<301).map { index in
      Float((index % 2 == 0 ? 1 : -1) * exp(-13.8 + 20.7 * Double(index) / 300))
    }

  /// A product rounds once for each factor; the logarithm and the exponential of a fraction err by a few units for each unit of their argument.
  @Test("powers and their derivatives, of whole and other exponents", arguments: InstructionSet.allCases, [1, 1.5, 2, 2.75, 3, 5, 8])
  func powers(isa: InstructionSet, exponent: Double) {
    let count = Self.numbers.count
    var (values, slopes) = ([Float](repeating: 7, count: count + 1), [Float](repeating: 7, count: count + 1))
    isa.run {
      drn_power(Self.numbers, &values, count, exponent)
      drn_power_derivative(Self.numbers, &slopes, count, exponent)
    }
    #expect(values[count] == 7 && slopes[count] == 7)
    let bound = (exponent + (exponent == exponent.rounded() ? 0 : 20)) * 0x1p-23
    for (index, number) in Self.numbers.enumerated() {
      let slope = exponent * pow(abs(Double(number)), exponent - 1)
      let value = Double(number) * pow(abs(Double(number)), exponent - 1)
      // Below the least normal number nothing is promised.
      if abs(value) > 1e-37 || value == 0 { #expect(abs(Double(values[index]) - value) <= bound * abs(value), "\(number)") }
      if slope > 1e-37 || slope == 0 { #expect(abs(Double(slopes[index]) - slope) <= bound * slope, "\(number)") }
    }
    if exponent == 1 { #expect(Array(values.dropLast()) == Self.numbers && slopes.dropLast().allSatisfy { $0 == 1 }) }
  }

  @Test("the largest entries of a matrix with a pitch, ties in order and NaN last", arguments: InstructionSet.allCases)
  func largest(isa: InstructionSet) {
    let (rows, columns, pitch) = (9, 13, 16)
    // Few different values, so that most counts cut through equal ones.
    var x = (0..<rows * pitch).map { Float(($0 * 37) % 11) - 5 }
    x[3] = .nan
    x[40] = -.infinity
    let places = (0..<rows * columns).map { $0 / columns * pitch + $0 % columns }
    let order = places.sorted { left, right in
      let (one, other) = (x[left].isNaN ? -1 : abs(x[left]), x[right].isNaN ? -1 : abs(x[right]))
      return one == other ? left < right : one > other
    }
    for count in 0...rows * columns {
      var mask = [Float](repeating: 7, count: rows * pitch)
      isa.run { drn_largest(x, pitch, rows, columns, count, &mask, pitch) }
      var expected = [Float](repeating: 7, count: rows * pitch)
      for place in places { expected[place] = 0 }
      for place in order.prefix(count) { expected[place] = 1 }
      #expect(mask == expected, "\(count)")
    }
  }
}
