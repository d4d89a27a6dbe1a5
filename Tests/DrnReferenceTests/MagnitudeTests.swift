import DrnIR
import DrnReference
import DrnTestSupport
import Testing

@Suite("Powers and masks by magnitude")
struct MagnitudeTests {
  private func values(_ opcode: Opcode, _ x: [Double], _ attributes: Attributes) throws -> [Double] {
    try evaluateOp(opcode, OpSample("", [ReferenceTensor(shape: [x.count], values: x)], attributes))[0].values
  }

  /// x * x.abs().pow(a - 1) of PyTorch, and the derivative a * x.abs().pow(a - 1).
  @Test("NaN and infinities are those of the formula, and the derivative is finite at 0")
  func specialValues() throws {
    let x = [Double.nan, .infinity, -.infinity, 0, -1, 1, -2]
    let square = try values(.power, x, ["exponent": .number(2)])
    #expect(square[0].isNaN)
    #expect(Array(square[1...]) == [.infinity, -.infinity, 0, -1, 1, -4])
    let slope = try values(.powerDerivative, x, ["exponent": .number(2)])
    #expect(slope[0].isNaN)
    #expect(Array(slope[1...]) == [.infinity, .infinity, 0, 2, 2, 4])
    let plain = try values(.power, x, ["exponent": .number(1)])
    #expect(plain[0].isNaN)
    #expect(Array(plain[1...]) == Array(x[1...]))
    #expect(try values(.powerDerivative, x, ["exponent": .number(1)]) == [1, 1, 1, 1, 1, 1, 1])
  }

  /// Derived from w = theta |theta|^(a - 1) at w = -0.05.
  @Test("a weight of -0.05 has the parameter and the slope that follow from the definition")
  func example() throws {
    let expected = [2: (-0.223607, 0.447214), 3: (-0.368403, 0.407163), 4: (-0.472871, 0.422949), 5: (-0.549280, 0.455141)]
    for (exponent, (theta, slope)) in expected {
      let attributes: Attributes = ["exponent": .number(Double(exponent))]
      #expect(abs(try values(.power, [theta], attributes)[0] + 0.05) < 1e-6)
      #expect(abs(try values(.powerDerivative, [theta], attributes)[0] - slope) < 1e-5)
    }
  }

  @Test("the largest entries by magnitude, the earlier one at a tie and NaN last")
  func largest() throws {
    let x = [1, -3, 2, 3, .nan, -1, .infinity, 0, -0.0]
    func mask(_ count: Int) throws -> [Double] { try values(.largest, x, ["share": .integers([count, 9])]) }
    #expect(try mask(0) == [0, 0, 0, 0, 0, 0, 0, 0, 0])
    #expect(try mask(2) == [0, 1, 0, 0, 0, 0, 1, 0, 0])
    #expect(try mask(5) == [1, 1, 1, 1, 0, 0, 1, 0, 0])
    #expect(try mask(7) == [1, 1, 1, 1, 0, 1, 1, 1, 0])
    #expect(try mask(9) == [1, 1, 1, 1, 1, 1, 1, 1, 1])
    #expect(try values(.largest, [5, 5, 5, 5], ["share": .integers([3, 4])]) == [1, 1, 1, 0])
    // 5 / 9 of 4 are 2.2.
    #expect(try values(.largest, [5, 5, 5, 5], ["share": .integers([5, 9])]) == [1, 1, 0, 0])
  }
}
