import DrnCompiler
import DrnIR
import DrnLowering
import DrnMethods
import DrnProgram

/// The average of the trained weights, where the program asks for one: what validation is of, and what a run leaves.
///
/// It is another point of the same coordinates. Where a weight changes its form, its rank or its mask, or begins to be trained, its average begins anew at
/// the new weight: the average of factors that were found apart from each other is no average of their products, since the factors of one matrix
/// are many.
extension Trainer {
  /// Begins the averages of some weights at the weights themselves, and every one that there is none of yet.
  static func beginAverages(
    of weights: Set<Int>, in places: inout [String: TensorPlace], _ compiler: PhaseCompiler, phase: Int
  ) throws(TrainError) {
    guard compiler.program.training.average != nil else { return }
    for tensor in try averages(compiler, phase: phase) {
      guard places[tensor.name] == nil || tensor.weight.map(weights.contains) ?? false else { continue }
      places[tensor.name] = places[tensor.averaged]
    }
  }

  func beginAverages(of weights: Set<Int>) throws(TrainError) {
    try Self.beginAverages(of: weights, in: &state.places, compiler, phase: phase)
  }

  /// Puts the average in the place of the weights: training is over.
  func adoptAverage() throws(TrainError) {
    guard program.training.average != nil else { return }
    for tensor in try Self.averages(compiler, phase: phase) {
      if let place = state.places[tensor.name] { state.places[tensor.averaged] = .values(try place.values()) }
    }
    try segment.load(&state)
  }

  private static func averages(_ compiler: PhaseCompiler, phase: Int) throws(TrainError) -> [TensorInfo] {
    do { return try compiler.lowering.tensors(phase: phase).filter(\.isAverage) } catch { throw TrainError(.defect, error.message) }
  }
}
