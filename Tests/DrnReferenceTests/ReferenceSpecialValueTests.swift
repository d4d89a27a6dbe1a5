import DrnIR
import DrnReference
import DrnTestSupport
import Testing

/// Expected values are those of PyTorch 2.13 for the same tensors.
@Suite("The reference interpreter: NaN and infinities")
struct ReferenceSpecialValueTests {
  private static let nan = Double.nan
  private static let inf = Double.infinity
  private static let operand: [Double] = [nan, inf, -inf, 0, -1, 1]

  private func expectSame(_ found: [Double], _ expected: [Double], _ label: String) {
    #expect(found.count == expected.count, "\(label)")
    for (left, right) in zip(found, expected) {
      let isRight = right.isNaN ? left.isNaN : left == right || abs(left - right) < 1e-4
      #expect(isRight, "\(label): \(found), not \(expected)")
    }
  }

  /// By unary op, what PyTorch gives for `operand`. A new op gets its line here.
  private static let unaryResults: [UnaryOp: [Double]] = [
    .relu: [nan, inf, 0, 0, 0, 1],
    .absolute: [nan, inf, inf, 0, 1, 1],
    .sign: [0, 1, -1, 0, -1, 1],
    .negate: [nan, -inf, inf, 0, 1, -1],
    .square: [nan, inf, inf, 0, 1, 1],
    .exponential: [nan, inf, 0, 1, 0.36788, 2.71828],
    .logarithm: [nan, inf, nan, -inf, nan, 0],
    .squareRoot: [nan, inf, nan, 0, nan, 1],
    .reciprocal: [nan, 0, 0, inf, -1, 1],
    .tanh: [nan, 1, -1, 0, -0.76159, 0.76159],
    .sigmoid: [nan, 1, 0, 0.5, 0.26894, 0.73106],
    .gelu: [nan, inf, nan, 0, -0.15866, 0.84134],
    .geluDerivative: [nan, nan, nan, 0.5, -0.08332, 1.08332],
  ]

  @Test("Ops of one operand", arguments: UnaryOp.allCases)
  func unary(op: UnaryOp) throws {
    let expected = try #require(Self.unaryResults[op], "unaryResults has no line for \(op): what does PyTorch give?")
    let sample = OpSample("", [ReferenceTensor(shape: [6], values: Self.operand)])
    expectSame(try evaluateOp(.unary(op), sample)[0].values, expected, op.rawValue)
  }

  @Test("Ops of two operands, NaN on either side")
  func binary() throws {
    let (nan, inf) = (Self.nan, Self.inf)
    let left = ReferenceTensor(shape: [7], values: [nan, 1, nan, inf, -inf, inf, 2])
    let right = ReferenceTensor(shape: [7], values: [1, nan, nan, nan, 1, -inf, inf])
    let expected: [(Opcode, [Double])] = [
      (.maximum, [nan, nan, nan, nan, 1, inf, inf]), (.minimum, [nan, nan, nan, nan, -inf, -inf, 2]), (.greater, [0, 0, 0, 0, 0, 1, 0]),
      (.add, [nan, nan, nan, nan, -inf, nan, inf]), (.multiply, [nan, nan, nan, nan, -inf, -inf, inf]),
      (.divide, [nan, nan, nan, nan, -inf, nan, 0]),
    ]
    for (opcode, values) in expected { expectSame(try evaluateOp(opcode, OpSample("", [left, right]))[0].values, values, opcode.mnemonic) }
  }

  @Test("A NaN anywhere in a window is its maximum, and the last one has its gradient")
  func pools() throws {
    for (first, second) in [(0, 0), (1, 1), (2, 2), (3, 3), (0, 3), (1, 2)] {
      var values: [Double] = [1, 4, 3, 2]
      values[first] = Self.nan
      values[second] = Self.nan
      let geometry = ConvolutionGeometry(kernel: Extent2(2))
      let x = ReferenceTensor(shape: [1, 2, 2, 1], values: values)
      #expect(try evaluateOp(.maxPool, OpSample("", [x], geometry.attributes))[0].values[0].isNaN)
      let dy = ReferenceTensor(shape: [1, 1, 1, 1], values: [1])
      let gradient = try evaluateOp(.maxPoolGradient, OpSample("", [x, dy], geometry.attributes))[0].values
      #expect(gradient == (0..<4).map { $0 == max(first, second) ? 1 : 0 })
    }
  }

  @Test("Cross entropy of infinite logits")
  func crossEntropy() throws {
    func loss(_ logits: [Double], _ label: Double, smoothing: Double = 0) throws -> Double {
      var sample = OpSample("", [ReferenceTensor(shape: [1, 3], values: logits)], ["smoothing": .number(smoothing)])
      sample.insert(ReferenceTensor(shape: [1], values: [label]), TensorType(.i32, [1]), at: 1)
      return try evaluateOp(.softmaxCrossEntropy, sample)[0].values[0]
    }
    let inf = Self.inf
    expectSame(
      [try loss([-inf, 0, 1], 1), try loss([-inf, 0, 1], 0), try loss([inf, 0, 1], 0)], [1.31326, inf, Self.nan], "no smoothing")
    expectSame([try loss([-inf, 0, 1], 1, smoothing: 0.1), try loss([Self.nan, 0, 1], 1)], [inf, Self.nan], "smoothing, NaN")
  }
}
