import DrnCPU
import DrnCompiler
import DrnIR
import DrnJSON
import DrnLowering
import DrnProgram
import DrnTrain

/// A trained network as it is deployed: what every format is written from.
public struct ExportedNetwork: Sendable {
  /// Of its program.
  public let compiler: PhaseCompiler
  /// Where its weights stand in the schedule.
  public let weights: RunWeights
  /// Whether the factors of every weight are multiplied.
  public let isMerged: Bool
  /// What the function `forward` takes, in its order.
  public let tensors: [DeployedTensor]
  /// What is done to raw values before the network sees them; `nil` where that is left to others.
  public let preparation: InputPreparation?

  /// With the weights in the forms of deployment, or each as one matrix. `prepares` puts the preparation before the network.
  public init(
    _ weights: RunWeights, _ compiler: PhaseCompiler, isMerged: Bool, prepares: Bool, threads: Int
  ) throws(ExportError) {
    self.compiler = compiler
    self.weights = weights
    self.isMerged = isMerged
    do { tensors = try weights.deployed(compiler, isMerged: isMerged, threads: threads) } catch { throw ExportError(error) }
    preparation = prepares ? try InputPreparation(weights.description, compiler.program) : nil
  }

  var program: CheckedProgram { compiler.program }
  var network: Network { program.network }

  /// What is said of it in a file.
  var metadata: [(String, String)] { weights.metadata(program, isDeployed: true, isMerged: isMerged) }

  /// The outputs for prepared examples, computed by drnc, row-major.
  public func outputs(of examples: ForwardExamples, count: Int, threads: Int) throws(ExportError) -> [Float] {
    do {
      let compiled = try compiler.forward(phase: weights.phase, ranks: weights.ranks, batch: count, isMerged: isMerged)
      let segment = try compiled.segment(threads: threads)
      for tensor in tensors { try segment.argument(tensor.name).write(tensor.values) }
      let features = try segment.argument(PortName.features)
      switch examples {
      case .numbers(let values): try features.write(values)
      case .tokens(let tokens): try features.write(labels: tokens)
      }
      try segment.run(FunctionName.forward)
      return try segment.result(PortName.logits).read()
    } catch { throw ExportError(.defect, "\(error)") }
  }

  /// Multiply-adds of one example, as the weights are multiplied one after another.
  public func multiplyAdds() throws(ExportError) -> Int {
    do {
      let module = try compiler.lowering.forwardModule(weights.phase, batch: 1, isMerged: isMerged)
      let concrete = try compiler.specialized(module, ranks: weights.ranks)
      guard let function = concrete.function(FunctionName.forward) else { throw IRError("there is no function forward") }
      return function.operations.reduce(0) { $0 &+ $1.productMultiplyAdds(in: function) }
    } catch { throw ExportError(.defect, "\(error)") }
  }
}

extension ExportError {
  /// What loading or running weights found.
  init(_ error: TrainError) { self.init(error.kind == .defect ? .defect : .refused, error.message, help: error.help) }
}

extension Operation {
  /// Multiply-adds of a product, a chain of products from left to right, or a convolution; 0 of other operations.
  fileprivate func productMultiplyAdds(in function: Function) -> Int {
    let shapes = operands.map { function.type(of: $0).extents ?? [] }
    func matrix(_ index: Int, _ isTransposed: Bool) -> (rows: Int, columns: Int) {
      guard shapes.indices.contains(index), shapes[index].count == 2 else { return (0, 0) }
      return isTransposed ? (shapes[index][1], shapes[index][0]) : (shapes[index][0], shapes[index][1])
    }
    if opcode == .matmul || opcode == .product {
      let flags =
        opcode == .product
        ? attributes.booleans("transposes") ?? []
        : [attributes.boolean("transpose_left") ?? false, attributes.boolean("transpose_right") ?? false]
      guard let first = flags.first else { return 0 }
      let rows = matrix(0, first).rows
      return flags.indices.dropFirst().reduce(0) { sum, index in
        let factor = matrix(index, flags[index])
        return sum &+ rows &* factor.rows &* factor.columns
      }
    }
    if opcode == .convolution, let result = results.first, shapes.count > 1, let windows = function.type(of: result).extents {
      return windows.dropLast().reduce(1, &*) &* shapes[1].reduce(1, &*)
    }
    if let attention = AttentionShape(self, function), opcode == .attention {
      return 2 &* attention.batch &* attention.length &* attention.length &* attention.heads &* attention.size
    }
    return 0
  }
}
