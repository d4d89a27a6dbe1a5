import DrnProgram

extension CheckedProgram {
  /// Throws where the program multiplies bfloat16 and the processor, by `hasHalf`, does not.
  func requireProducts(hasHalf: Bool) throws(TrainError) {
    guard multipliesHalf, !hasHalf else { return }
    throw TrainError(
      .precisionUnavailable, "`\(network.name)` multiplies bfloat16, for which this processor has no instructions",
      help: "write `precision: single`, or train on a processor with AVX-512 BF16 or AMX", span: training.precisionSpan)
  }
}
