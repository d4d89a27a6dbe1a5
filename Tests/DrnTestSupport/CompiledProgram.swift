import DrnCompiler
import DrnIR
import DrnLowering
import DrnPasses

/// The first phase of a program, compiled from source text through every stage.
public struct CompiledProgram {
  /// Symbolic in rank; the step calls `value_and_gradient`.
  public let lowered: Module
  /// Symbolic in rank; the step is a straight line.
  public let withGradients: Module
  /// The step with its gradients, at the scheduled ranks, before any optimization: what the reference interpreter runs.
  public let straightforward: Module
  /// What the executor runs.
  public let optimized: Compiled

  /// Throws with every error of the checker.
  public init(_ source: String) throws { try self.init(PhaseCompiler(program: try checkedProgram(source)), phase: 0) }

  /// A phase of a checked program.
  public init(_ compiler: PhaseCompiler, phase: Int) throws {
    let ranks = compiler.scheduledRanks(phase: phase)
    lowered = try compiler.lowered(phase: phase).module
    withGradients = try compiler.withGradients(phase: phase)
    var numbers = [Int](repeating: 0, count: lowered.symbols.count)
    for (weight, symbol) in try compiler.lowered(phase: phase).symbols { numbers[symbol.index] = ranks[weight] }
    straightforward = try specialize(withGradients, ranks: numbers)
    optimized = try compiler.compiled(phase: phase, ranks: ranks)
  }
}
