import DrnCPU
import DrnCompiler
import DrnIR
import DrnLowering
import DrnMethods
import DrnPlan
import DrnProgram

/// A network that predicts the next token, run position by position: each layer keeps what it needs of the positions before.
///
/// It sees at most the T positions it was trained on. Where they are full, the sequence begins anew with the last T / 2 tokens, rounded down
/// but at least one, the new token among them: positions are then those of training again. Of a longer prompt it sees the last T tokens.
public final class SequenceContinuation {
  /// Positions T that the network was trained on.
  public let length: Int
  private let segment: Segment
  private let kept: [SegmentPort]
  /// The function that takes many positions at a time, where T has room for it, and the one that takes one.
  private let steps: [Step]
  /// Tokens that the network has seen since the sequence began, T at most.
  private var seen: [Int32] = []

  private struct Step {
    let count: Int
    let entry: Segment.Entry
    let tokens: SegmentPort
    let positions: SegmentPort
    let logits: SegmentPort
  }

  /// Positions taken at a time as long as there are so many.
  static let chunk = 32

  /// Refuses a network that cannot be continued, at the layer that stands against it.
  public static func require(_ program: CheckedProgram) throws(ContinuationError) {
    let network = program.network
    guard network.inputElement == .token, program.data.predictsNextToken else {
      throw ContinuationError(
        .network, "the network `\(network.name)` was not trained to predict the next token",
        help: "what can be continued takes `tokens[T]` and is trained on a label `next_token(n)`", span: program.training.span)
    }
    for node in network.nodes {
      guard case .impossible(let reason) = node.layer.continuation(node.inputShapes) else { continue }
      throw ContinuationError(
        .network, "`\(node.path)` \(reason), so that the network cannot take one token after the other", span: node.span)
    }
  }

  /// Of a trained network, with the weights it was tested by.
  public convenience init(_ model: TrainedModel, threads: Int) throws(ContinuationError) {
    try self.init(model.compiler, phase: model.phase, ranks: model.ranks, tensors: model.tensors, threads: threads)
  }

  /// Compiles the network in the forms of a phase at the given ranks. `tensors` are its weights and buffers by name, row-major.
  public init(
    _ compiler: PhaseCompiler, phase: Int, ranks: [Int], tensors: [String: [Float]], threads: Int
  ) throws(ContinuationError) {
    try Self.require(compiler.program)
    length = compiler.program.network.inputShape[0]
    let counts = (length > Self.chunk ? [Self.chunk] : []) + [1]
    do {
      let compiled = try compiler.continuation(phase: phase, ranks: ranks, counts: counts)
      let segment = try compiled.segment(threads: threads)
      self.segment = segment
      let kept = compiler.program.network.keptTensors.map(\.name)
      self.kept = try kept.map { name throws(ExecutionError) in try segment.argument(name) }
      steps = try counts.map { count throws(ExecutionError) in
        Step(
          count: count, entry: try segment.entry(FunctionName.continuation(of: count)),
          tokens: try segment.argument(PortName.tokens(count)), positions: try segment.argument(PortName.positions(count)),
          logits: try segment.result(PortName.logits(count)))
      }
      for slot in segment.plan.slots where slot.kind == .persistent && !kept.contains(slot.name) {
        guard let values = tensors[slot.name] else { throw ContinuationError(.defect, "no value for tensor \(slot.name)") }
        try segment.argument(slot.name).write(values)
      }
    } catch let error as ContinuationError {
      throw error
    } catch let error as ExecutionError {
      throw Self.failure(error)
    } catch { throw ContinuationError(.defect, "\(error)") }
  }

  /// Begins a sequence; gives the logits of the token behind it. At least one token is needed.
  public func begin(_ tokens: [Int32]) throws(ContinuationError) -> [Float] {
    guard !tokens.isEmpty else { throw ContinuationError(.prompt, "there is no token to go on from") }
    seen = []
    do { for port in kept { try port.fill(0) } } catch { throw Self.failure(error) }
    return try take(tokens.suffix(length))
  }

  /// Adds a token; gives the logits of the one behind it.
  public func next(_ token: Int32) throws(ContinuationError) -> [Float] {
    guard seen.count == length else { return try take([token]) }
    return try begin(seen.suffix(max(1, length / 2) - 1) + [token])
  }

  private func take(_ tokens: some RandomAccessCollection<Int32>) throws(ContinuationError) -> [Float] {
    var rest = Array(tokens)[...]
    var logits: [Float] = []
    do {
      while let step = steps.first(where: { $0.count <= rest.count }) {
        try step.tokens.write(labels: Array(rest.prefix(step.count)))
        try step.positions.write(labels: (seen.count..<seen.count + step.count).map { Int32($0) })
        try step.entry.run()
        seen += rest.prefix(step.count)
        rest = rest.dropFirst(step.count)
        guard rest.isEmpty else { continue }
        let rows = try step.logits.read()
        logits = rows.suffix(rows.count / step.count)
      }
    } catch { throw Self.failure(error) }
    guard logits.allSatisfy(\.isFinite) else {
      throw ContinuationError(.outputs, "the outputs of the network are no numbers", help: "the weights of the run have diverged")
    }
    return logits
  }

  private static func failure(_ error: ExecutionError) -> ContinuationError {
    guard case .outOfMemory = error else { return ContinuationError(.defect, "\(error)") }
    return ContinuationError(.memory, "\(error)")
  }
}
