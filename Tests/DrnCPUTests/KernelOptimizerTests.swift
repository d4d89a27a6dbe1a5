import CKernels
import Testing

@Suite("Kernels: optimizer")
struct KernelOptimizerTests {
  private func step(_ arrays: inout [PaddedMatrix], _ gradient: PaddedMatrix, _ options: drn_adam_options, _ columns: Range<Int>) {
    var (weights, first, second) = (arrays[0].storage, arrays[1].storage, arrays[2].storage)
    withUnsafePointer(to: options) {
      drn_adam(
        &weights, &first, &second, gradient.storage, gradient.pitch, 1, gradient.rows, columns.lowerBound, columns.upperBound, $0)
    }
    for (index, storage) in [weights, first, second].enumerated() { arrays[index].storage = storage }
  }

  /// Weights and both moments after a step, from the formulas.
  private func naive(_ w: Double, _ m: Double, _ v: Double, _ gradient: Double, _ options: drn_adam_options) -> [Double] {
    let g = gradient + Double(options.coupled_decay) * w
    let first = Double(options.beta1) * m + (1 - Double(options.beta1)) * g
    let second = Double(options.beta2) * v + (1 - Double(options.beta2)) * g * g
    let direction =
      first * Double(options.first_correction) / ((second * Double(options.second_correction)).squareRoot() + Double(options.epsilon))
    return [w - Double(options.rate) * (direction + Double(options.decoupled_decay) * w), first, second]
  }

  @Test("a step of Adam and of AdamW follows the formulas, within its range", arguments: InstructionSet.allCases)
  func adam(isa: InstructionSet) {
    for (coupled, decoupled) in [(Float(0), Float(0)), (0.1, 0), (0, 0.3)] {
      let options = drn_adam_options(
        rate: 0.01, beta1: 0.9, beta2: 0.99, epsilon: 1e-3, first_correction: 1 / 0.19, second_correction: 1 / 0.0199,
        coupled_decay: coupled, decoupled_decay: decoupled)
      for columns in [0..<37, 3..<35, 5..<5] {
        var before = (0..<3).map { PaddedMatrix(rows: 4, columns: 37, pad: 3, seed: UInt64($0)) }
        before[2] = PaddedMatrix(rows: 4, columns: 37, pad: 3) { before[2][$0, $1] * before[2][$0, $1] }
        let gradient = PaddedMatrix(rows: 4, columns: 37, pad: 3, seed: 9)
        var after = before
        isa.run { step(&after, gradient, options, columns) }
        for (index, array) in after.enumerated() {
          let error = array.largestError { row, column in
            guard row >= 1, columns ~= column else { return Double(before[index][row, column]) }
            let values = before.map { Double($0[row, column]) }
            return naive(values[0], values[1], values[2], Double(gradient[row, column]), options)[index]
          }
          #expect(error < 1e-6)
          #expect(array.paddingIsUntouched)
        }
      }
    }
  }
}
