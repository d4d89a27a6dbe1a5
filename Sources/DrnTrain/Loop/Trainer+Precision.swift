import DrnProgram

extension Trainer {
  /// Throws where the program multiplies bfloat16 and the processor, by `hasHalf`, does not.
  static func requireProducts(of program: CheckedProgram, hasHalf: Bool) throws(TrainError) {
    guard program.multipliesHalf, !hasHalf else { return }
    throw TrainError(
      .precisionUnavailable, "`\(program.network.name)` multiplies bfloat16, for which this processor has no instructions",
      help: "write `precision: single`, or train on a processor with AVX-512 BF16 or AMX", span: program.training.precisionSpan)
  }
}
