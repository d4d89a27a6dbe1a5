import DrnCompiler
import DrnIR
import DrnLowering
import DrnMethods
import DrnProgram
import DrnSystem
import DrnTensorFile

/// The weights and buffers that a run has saved, in the forms of one of its phases.
public struct TrainedWeights: Sendable {
  /// The phase in whose forms they are.
  public let phase: Int
  /// The ranks of every weight, then the extents of `CheckedProgram.extents`.
  public let ranks: [Int]
  /// Every weight and buffer of the phase by name, row-major as the network uses it.
  public let tensors: [String: [Float]]

  /// Those that a run ended with.
  public init(run folder: String, _ compiler: PhaseCompiler) throws(TrainError) {
    let path = Path.join(folder, RunFolder.weights)
    let file = try Self.read(path)
    for phase in compiler.program.phases.indices.reversed() {
      guard let found = try Self.matching(file, path, compiler, phase) else { continue }
      self = found
      return
    }
    throw Self.misfit(path)
  }

  /// Those of a checkpoint: the averages, where the run keeps them.
  public init(checkpoint path: String, _ compiler: PhaseCompiler) throws(TrainError) {
    guard let checkpoint = Checkpoint(try Self.read(path)) else {
      throw TrainError(.run, "`\(path)` is no checkpoint, or is damaged", help: "checkpoints lie in the folder `checkpoints` of a run")
    }
    let (state, phase) = (checkpoint.state, checkpoint.progress.phase)
    guard compiler.program.phases.indices.contains(phase),
      state.ranks.count == compiler.program.weights.count + compiler.program.extents.count
    else { throw Self.misfit(path) }
    var tensors: [String: [Float]] = [:]
    do {
      for tensor in try compiler.tensors(phase: phase, ranks: state.ranks) where tensor.info.role != .state || tensor.info.isAverage {
        guard let values = state.tensors[tensor.info.name], values.count == tensor.count else { throw Self.misfit(path) }
        // An average stands behind what it is an average of.
        tensors[tensor.info.averaged] = values
      }
    } catch let error as TrainError { throw error } catch { throw TrainError(.defect, "\(error)") }
    (self.phase, ranks, self.tensors) = (phase, state.ranks, tensors)
    try requireFinite(path)
  }

  private init(phase: Int, ranks: [Int], tensors: [String: [Float]], path: String) throws(TrainError) {
    (self.phase, self.ranks, self.tensors) = (phase, ranks, tensors)
    try requireFinite(path)
  }

  private static func read(_ path: String) throws(TrainError) -> TensorFile {
    do { return try TensorFile.read(path: path) } catch { throw TrainError(.run, "`\(path)`: \(error.message)") }
  }

  private static func misfit(_ path: String) -> TrainError {
    TrainError(
      .run, "the tensors of `\(path)` are not those of the program that the run has kept", help: "it is of another run, or was changed")
  }

  /// The file in the forms of a phase; `nil` where it is not in them.
  private static func matching(_ file: TensorFile, _ path: String, _ compiler: PhaseCompiler, _ phase: Int) throws(TrainError)
    -> TrainedWeights?
  {
    do {
      let program = compiler.program
      for (index, weight) in program.weights.enumerated() {
        guard let written = file.metadataValue("drnc.form.\(weight.name)") else { continue }
        let form = weight.spans[program.phases[phase].forms[index]].form
        guard written.split(separator: " ").first.map(String.init) == form.word else { return nil }
      }
      guard let ranks = try ranks(of: file, compiler, phase) else { return nil }
      let wanted = try compiler.tensors(phase: phase, ranks: ranks).filter { $0.info.role != .state }
      guard wanted.count == file.tensors.count else { return nil }
      var tensors: [String: [Float]] = [:]
      for tensor in wanted {
        let layout = StoredLayout(tensor, of: tensor.info.weight.map { program.weights[$0] })
        guard let stored = file.tensor(named: tensor.info.name), stored.shape == layout.storedShape else { return nil }
        tensors[tensor.info.name] = layout.loaded(try stored.floats())
      }
      return try TrainedWeights(phase: phase, ranks: ranks, tensors: tensors, path: path)
    } catch let error as TrainError { throw error } catch { throw TrainError(.run, "\(error)") }
  }

  /// The ranks that give the tensors of a phase their shapes in the file; those that no tensor shows stay as the schedule has them.
  private static func ranks(of file: TensorFile, _ compiler: PhaseCompiler, _ phase: Int) throws(IRError) -> [Int]? {
    let symbols = try compiler.lowering.rankSymbols(phase: phase)
    let places = Dictionary(symbols.map { ($0.value, $0.key) }) { first, _ in first }
    var ranks = compiler.scheduledRanks(phase: phase)
    for tensor in try compiler.lowering.tensors(phase: phase) where tensor.role != .state {
      guard let stored = file.tensor(named: tensor.name) else { return nil }
      var shape = stored.shape
      // A matrix that convolves by itself is stored outputs x channels x height x width.
      if shape.count == 4, tensor.shape.count == 2, let rows = checkedElementCount(Array(shape.dropFirst())) { shape = [rows, shape[0]] }
      for (dimension, extent) in zip(tensor.shape, shape) {
        guard dimension.terms.count == 1, let term = dimension.terms.first, let place = places[term.symbol] else { continue }
        let (difference, overflow) = extent.subtractingReportingOverflow(dimension.constant)
        guard !overflow, difference >= 0, difference.isMultiple(of: term.coefficient), ranks.indices.contains(place) else { return nil }
        ranks[place] = difference / term.coefficient
      }
    }
    // What the forms allow: an extent of a damaged file may be anything.
    for (place, symbol) in symbols where ranks.indices.contains(place) {
      guard try compiler.lowering.rankBounds(of: symbol, phase: phase).contains(ranks[place]) else { return nil }
    }
    return ranks
  }

  private func requireFinite(_ path: String) throws(TrainError) {
    guard let name = tensors.keys.sorted().first(where: { tensors[$0]?.allSatisfy(\.isFinite) == false }) else { return }
    throw TrainError(.run, "the tensor `\(name)` of `\(path)` holds values that are no numbers")
  }
}
