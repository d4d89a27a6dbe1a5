import DrnIR
import DrnReference
import DrnTestSupport
import Foundation
import Testing

/// The constants in these tests were computed apart from drnc, with NumPy 2.4 and SciPy 1.17 (log_softmax, ndtr).
@Suite("The reference interpreter: layers")
struct ReferenceLayerTests {
  private let logits = matrix([[0.5, -1, 2], [1.5, 0.25, -0.75]])
  private let labels = ReferenceTensor(shape: [2], values: [2, 1])

  private func crossEntropy(_ logits: ReferenceTensor, _ labels: ReferenceTensor, smoothing: Double, weights: [Double]? = nil) throws
    -> Double
  {
    var sample = OpSample("", [logits], ["smoothing": .number(smoothing)])
    sample.insert(labels, TensorType(.i32, [Dimension(labels.shape[0])]), at: 1)
    if let weights { sample.insert(ReferenceTensor(shape: [weights.count], values: weights), .f32([Dimension(weights.count)]), at: 2) }
    return try evaluateOp(.softmaxCrossEntropy, sample)[0].values[0]
  }

  @Test(
    "Cross entropy with smoothing and class weights",
    arguments: [
      (0, nil, 0.9109919530321906), (0, [1, 2, 0.5], 1.3128003468572107), (0.1, nil, 0.9818252863655239),
      (0.1, [1, 2, 0.5], 1.3565462277878275),
    ] as [(Double, [Double]?, Double)])
  func crossEntropyValues(smoothing: Double, weights: [Double]?, expected: Double) throws {
    expectEqual([try crossEntropy(logits, labels, smoothing: smoothing, weights: weights)], [expected])
  }

  @Test("Equal logits cost ln C whatever the smoothing; huge logits stay finite")
  func crossEntropyLimits() throws {
    let flat = matrix([[3, 3, 3], [-1, -1, -1]])
    expectEqual([try crossEntropy(flat, labels, smoothing: 0.3)], [log(3)])
    expectEqual([try crossEntropy(matrix([[1000, 0, 0], [0, 1000, 0]]), labels, smoothing: 0)], [500], tolerance: 1e-9)
  }

  @Test("A label outside the classes is an error")
  func labelOutside() {
    let wrong = ReferenceTensor(shape: [2], values: [2, 3])
    #expect(throws: ReferenceError.self) { try crossEntropy(logits, wrong, smoothing: 0) }
  }

  @Test("The logarithms of a softmax: ln 1/3 of equal numbers, and finite far below the largest")
  func logSoftmax() throws {
    let results = try evaluateOp(.logSoftmax, OpSample("", [matrix([[3, 3, 3], [0, -1000, log(2)]])]))
    expectEqual(results[0].values, [-log(3), -log(3), -log(3), -log(3), -1000 - log(3), log(2) - log(3)])
  }

  @Test("Layer norm uses the biased variance of each row")
  func layerNorm() throws {
    let x = matrix([[1, 2, 4], [0, -1, 3]])
    let one = ReferenceTensor(shape: [3], values: [1, 1, 1])
    let zero = ReferenceTensor(shape: [3], values: [0, 0, 0])
    let results = try evaluateOp(.layerNorm, OpSample("", [x, one, zero], ["epsilon": .number(1e-5)]))
    expectEqual(
      results[0].values,
      [-1.0690415314502977, -0.26726038286257453, 1.3363019143128718, -0.39223159141458575, -0.9805789785364644, 1.3728105699510502])
    expectEqual(results[1].values, [7.0 / 3, 2.0 / 3])
    expectEqual(results[2].values, [0.8017811485877232, 0.5883473871218786])
  }

  @Test("Batch norm uses the biased variance of each column, then scales and shifts")
  func batchNorm() throws {
    let x = matrix([[1, 2, 4], [0, -1, 3]])
    let scale = ReferenceTensor(shape: [3], values: [1, 2, 1])
    let offset = ReferenceTensor(shape: [3], values: [0, 0, 10])
    let results = try evaluateOp(.batchNorm, OpSample("", [x, scale, offset], ["epsilon": .number(1e-5)]))
    let (a, b) = (0.9999800005999799, 0.9999977777851852)
    expectEqual(results[0].values, [a, 2 * b, 10 + a, -a, -2 * b, 10 - a])
    expectEqual(results[1].values, [0.5, 0.5, 3.5])
    expectEqual(results[2].values, [0.25, 2.25, 0.25])
  }

  @Test("gelu is the exact form, its derivative that of differences")
  func gelu() throws {
    let x = ReferenceTensor(shape: [5], values: [-2, -0.5, 0, 0.5, 2])
    let expected = [-0.04550026389635839, -0.15426876936299344, 0, 0.34573123063700656, 1.9544997361036416]
    expectEqual(try evaluateOp(.gelu, OpSample("", [x]))[0].values, expected)
  }

  @Test("A fused body meets full, scalar, row and column operands at the right places")
  func fusedKinds() throws {
    let x = matrix([[1, 2, 3], [4, 5, 6]])
    let row = ReferenceTensor(shape: [3], values: [10, 20, 30])
    let column = ReferenceTensor(shape: [2], values: [10, 20])
    func map(_ operand: ReferenceTensor, _ kind: Int) throws -> [ReferenceTensor] {
      try evaluateOp(.map, OpSample("", [x, operand], ["body": .function("scale_shift"), "kinds": .integers([0, kind])]))
    }
    #expect(try map(row, 2)[0].values == [20, 60, 120, 50, 120, 210])
    #expect(try map(column, 3)[0].values == [20, 30, 40, 100, 120, 140])
    #expect(try map(ReferenceTensor(2), 1)[0].values == [4, 6, 8, 10, 12, 14])
    #expect(try map(x, 0)[1].values == [1, 4, 9, 16, 25, 36])
  }

  @Test("A matmul with an epilogue applies the body to the product")
  func epilogue() throws {
    let sample = OpSample(
      "", [matrix([[1, 2], [3, 4]]), matrix([[5, 6], [7, 8]]), ReferenceTensor(shape: [2], values: [1, 2])],
      [
        "transpose_left": .boolean(true), "transpose_right": .boolean(false), "epilogue": .function("scale_shift"),
        "kinds": .integers([2]),
      ])
    let results = try evaluateOp(.matmul, sample)
    // The product is [[26, 30], [38, 44]].
    #expect(results[0].values == [27, 62, 39, 90])
    #expect(results[1].values == [676, 900, 1444, 1936])
  }

  @Test("A missing argument and one of another shape are errors, not traps")
  func arguments() throws {
    let module = try sampleModule()
    let loss = try #require(module.function("loss"))
    #expect(throws: ReferenceError.self) { try evaluate(function: loss, module: module, arguments: [:]) }
    let wrong = ["w": ReferenceTensor(shape: [3, 2], values: [1, 2, 3, 4, 5, 6])]
    #expect(throws: ReferenceError.self) { try evaluate(function: loss, module: module, arguments: wrong) }
    let short = ["w": ReferenceTensor(shape: [2, 3], values: [1])]
    #expect(throws: ReferenceError.self) { try evaluate(function: loss, module: module, arguments: short) }
  }
}
