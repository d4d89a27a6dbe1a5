import CKernels
import DrnTestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Softmax and its cross entropy in double precision, from the definitions.
private struct NaiveCrossEntropy {
  var logits: PaddedMatrix
  var labels: [Int32]
  var smoothing: Double
  var weights: [Float]?
  let probabilities: [[Double]]

  init(logits: PaddedMatrix, labels: [Int32], smoothing: Double, weights: [Float]?) {
    self.logits = logits
    self.labels = labels
    self.smoothing = smoothing
    self.weights = weights
    probabilities = (0..<logits.rows).map { row in
      let values = (0..<logits.columns).map { Double(logits[row, $0]) }
      let exponentials = values.map { exp($0 - (values.max() ?? 0)) }
      let sum = exponentials.reduce(0, +)
      return exponentials.map { $0 / sum }
    }
  }

  func probability(_ row: Int, _ column: Int) -> Double { probabilities[row][column] }

  func target(_ row: Int, _ column: Int) -> Double {
    let smooth = smoothing / Double(logits.columns)
    let target = smooth + (Int(labels[row]) == column ? 1 - smoothing : 0)
    return target * Double(weights?[column] ?? 1)
  }

  func loss(_ row: Int) -> Double {
    (0..<logits.columns).filter { target(row, $0) > 0 }.reduce(0.0) { $0 - target(row, $1) * log(probability(row, $1)) }
  }

  func gradient(_ row: Int, _ column: Int, scale: Double) -> Double {
    let sum = (0..<logits.columns).reduce(0.0) { $0 + target(row, $1) }
    return scale * (probability(row, column) * sum - target(row, column))
  }
}

@Suite("Kernels: cross entropy")
struct KernelCrossEntropyTests {
  private static let shapes = [(1, 1), (4, 10), (3, 16), (5, 37), (2, 100)]

  private func naive(_ rows: Int, _ classes: Int, smoothing: Float = 0, weighted: Bool = false) -> NaiveCrossEntropy {
    var generator = SplitMix64(seed: UInt64(classes))
    let logits = PaddedMatrix(rows: rows, columns: classes, pad: 3, seed: 7, scale: 6)
    let labels = (0..<rows).map { _ in Int32(generator.below(classes)) }
    let weights = (0..<classes).map { _ in generator.float() + 1.5 }
    return NaiveCrossEntropy(logits: logits, labels: labels, smoothing: Double(smoothing), weights: weighted ? weights : nil)
  }

  /// Calls the kernel with the naive reference's inputs.
  private func crossEntropy(_ naive: NaiveCrossEntropy, rows: Range<Int>, scale: Float) -> (losses: [Float], gradient: PaddedMatrix) {
    var losses = [Float](repeating: -3, count: naive.logits.rows)
    var gradient = PaddedMatrix(rows: naive.logits.rows, columns: naive.logits.columns, pad: 1) { _, _ in -3 }
    (naive.weights ?? []).withUnsafeBufferPointer { weights in
      var options = drn_cross_entropy_options(
        label_smoothing: Float(naive.smoothing), class_weights: naive.weights == nil ? nil : weights.baseAddress, gradient_scale: scale)
      drn_softmax_cross_entropy(
        naive.logits.storage, naive.logits.pitch, naive.labels, rows.lowerBound, rows.upperBound, naive.logits.columns, &options,
        &losses, &gradient.storage, gradient.pitch)
    }
    return (losses, gradient)
  }

  @Test("cross entropy and its gradient follow the definition", arguments: InstructionSet.allCases)
  func crossEntropy(isa: InstructionSet) {
    for (rows, classes) in Self.shapes {
      for (smoothing, weighted) in [(Float(0), false), (0.1, false), (0, true), (0.25, true), (1, false)] {
        let naive = naive(rows, classes, smoothing: smoothing, weighted: weighted)
        let result = isa.run { crossEntropy(naive, rows: 0..<rows, scale: 0.5) }
        // Losses up to 20 and smoothed sums of up to 100 terms, in float.
        #expect(largestError(result.losses, (0..<rows).map(naive.loss)) < 2e-5)
        #expect(result.gradient.largestError { naive.gradient($0, $1, scale: 0.5) } < 2e-6)
        #expect(result.gradient.paddingIsUntouched)
      }
    }
  }

  @Test("rows outside the range stay, and a label out of range gives NaN in its row alone")
  func ranges() {
    var naive = naive(4, 10)
    naive.labels[2] = 10
    let result = crossEntropy(naive, rows: 1..<4, scale: 1)
    #expect(result.losses[0] == -3 && result.gradient[0, 5] == -3)
    #expect(result.losses[2].isNaN && (0..<10).allSatisfy { result.gradient[2, $0].isNaN })
    #expect(abs(Double(result.losses[3]) - naive.loss(3)) < 1e-5)
    #expect(result.gradient.paddingIsUntouched)
  }

  @Test("losses alone, the gradient alone, and the gradient over the logits agree with both together")
  func parts() {
    let naive = naive(5, 37, smoothing: 0.1)
    let both = crossEntropy(naive, rows: 0..<5, scale: 1)
    var options = drn_cross_entropy_options(label_smoothing: 0.1, class_weights: nil, gradient_scale: 1)
    var losses = [Float](repeating: 0, count: 5)
    drn_softmax_cross_entropy(naive.logits.storage, naive.logits.pitch, naive.labels, 0, 5, 37, &options, &losses, nil, 0)
    #expect(largestError(losses, both.losses.map(Double.init)) < 1e-5)
    var inPlace = naive.logits
    inPlace.storage.withUnsafeMutableBufferPointer { buffer in
      drn_softmax_cross_entropy(
        buffer.baseAddress, naive.logits.pitch, naive.labels, 0, 5, 37, &options, nil, buffer.baseAddress, naive.logits.pitch)
    }
    #expect(inPlace.largestError { Double(both.gradient[$0, $1]) } == 0)
  }

  @Test("huge logits neither overflow nor lose the loss", arguments: InstructionSet.allCases)
  func hugeLogits(isa: InstructionSet) {
    let logits = PaddedMatrix(rows: 1, columns: 3, pad: 0) { [1000, 998, -1e30][$1] }
    let naive = NaiveCrossEntropy(logits: logits, labels: [1], smoothing: 0, weights: nil)
    let result = isa.run { crossEntropy(naive, rows: 0..<1, scale: 1) }
    #expect(abs(Double(result.losses[0]) - naive.loss(0)) < 1e-6)
    #expect(result.gradient.largestError { naive.gradient($0, $1, scale: 1) } < 1e-6)
  }
}
