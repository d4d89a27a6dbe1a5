import DrnCPU
import DrnCompiler
import DrnIR
import DrnInference
import DrnLowering
import DrnProgram
import DrnTestSupport

/// A network that predicts the next of `classes` tokens, with weights drawn large enough that every part of it matters.
struct DrawnNetwork {
  static let classes = 11
  let compiler: PhaseCompiler
  let ranks: [Int]
  var tensors: [String: [Float]]
  let length: Int

  /// `body` is what the network does with `text`, by `blocks`; `settings` are further entries of `train`.
  init(length: Int, _ body: String, settings: String = "", blocks: String = "", seed: UInt64 = 1) throws {
    let program = try checkedProgram(
      """
      import "shared/transformer.drn"\(blocks)
      data words { source: text("absent.txt")  text: tokens[\(length)]  label: next_token(\(Self.classes))  examples: 100 }
      network net(text: tokens[\(length)]) -> tensor[\(length), \(Self.classes)] { return text |> embed: embedding(\(Self.classes), 12) \(body) |> head: linear(\(Self.classes)) }
      train net on words { length: 1 epochs  batch: 4  seed: 1  loss: cross_entropy  optimizer: adamw()  rate: 0.01  \(settings) }
      """)
    compiler = PhaseCompiler(program: program)
    ranks = compiler.scheduledRanks(phase: 0)
    self.length = length
    var random = SplitMix64(seed: seed)
    var tensors: [String: [Float]] = [:]
    for tensor in try compiler.tensors(phase: 0, ranks: ranks) where tensor.info.role != .state {
      // Variances are positive.
      let range = tensor.info.name.hasSuffix("running_var") ? 0.5...2.0 : -0.7...0.7
      tensors[tensor.info.name] = (0..<tensor.count).map { _ in Float(random.number(range)) }
    }
    self.tensors = tensors
  }

  func continuation(threads: Int = 1) throws -> SequenceContinuation {
    try SequenceContinuation(compiler, phase: 0, ranks: ranks, tensors: tensors, threads: threads)
  }

  /// What the network gives for whole sequences where it is trained, without anything kept: the logits at each position.
  final class Whole {
    private let segment: Segment
    private let length: Int
    /// Sequences of a batch, of which the first is looked at.
    private let batch: Int

    init(_ network: DrawnNetwork) throws {
      (length, batch) = (network.length, network.compiler.evaluationBatch)
      segment = try network.compiler.compiled(phase: 0, ranks: network.ranks).segment(threads: 1)
      for (name, values) in network.tensors { try segment.write(name, values) }
    }

    /// Tokens behind those given are 0; no position sees them.
    func logits(_ tokens: [Int32]) throws -> [[Float]] {
      let filled = tokens + [Int32](repeating: 0, count: batch * length - tokens.count)
      try segment.writeLabels(PortName.features, filled)
      try segment.writeLabels(PortName.labels, filled)
      try segment.run(FunctionName.evaluate)
      let values = try segment.read(PortName.logits)
      return (0..<length).map { Array(values[($0 * classes)..<(($0 + 1) * classes)]) }
    }
  }

  static func tokens(_ count: Int, seed: UInt64 = 7) -> [Int32] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in Int32(random.below(classes)) }
  }
}
