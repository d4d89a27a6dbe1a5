import DrnCompiler
import DrnIR
import DrnLowering
import DrnMethods
import DrnProgram
import DrnTrain

extension ExportedNetwork {
  /// The network as a file of ONNX, operator set 17: from `features`, a number of examples that is free first, to `outputs`.
  public func onnx(version: String) throws(ExportError) -> [UInt8] {
    let batch = try freeBatch()
    let module: Module
    do {
      module = try compiler.portableForward(phase: weights.phase, ranks: weights.ranks, batch: batch, isMerged: isMerged)
    } catch { throw ExportError(.defect, error.message) }
    guard let function = module.function(FunctionName.forward) else { throw ExportError(.defect, "there is no function forward") }
    let known = try KnownPart(function, in: module, tensors, program.weights) { $0 > 0 && $0.isMultiple(of: batch) }
    let translator = try OnnxTranslator(function, batch: batch, known: known, network: network, preparation: preparation)
    var graph = translator.graph
    for normalization in normalizations { graph.join(normalization, among: translator.differences) }
    // A message of protocol buffers ends at 2 GiB; names and nodes take some of it.
    let (bytes, limit) = (graph.tensorBytes, 1 << 31 - 1 << 24)
    guard bytes < limit else {
      throw ExportError(
        .refused, "the weights take \(bytes >> 20) MiB, and a file of ONNX holds less than 2 GiB",
        help: "--to safetensors has no such limit")
    }
    let input = OnnxGraph.Port(
      name: OnnxTranslator.input, element: network.inputElement == .token ? .integer : .float, shape: network.inputShape)
    let output = OnnxGraph.Port(name: OnnxTranslator.output, element: .float, shape: network.outputShape)
    return graph.model(name: network.name, version: version, input: input, output: output, metadata: metadata)
  }

  /// The batch norms of the network.
  private var normalizations: [OnnxGraph.Normalization] {
    let byName = Dictionary(tensors.map { ($0.name, $0.values) }) { first, _ in first }
    return network.nodes.compactMap { node in
      let name = node.savedName
      guard let norm = node.layer as? BatchNorm, let weight = byName["\(name).weight"], let bias = byName["\(name).bias"],
        let mean = byName["\(name).running_mean"], let variance = byName["\(name).running_var"]
      else { return nil }
      return OnnxGraph.Normalization(
        name: name, epsilon: Float(norm.epsilon), weight: weight, bias: bias, mean: mean, variance: variance)
    }
  }

  /// A number of examples, a prime, that divides no extent of the network, so that extents of the batch can be told from all others.
  private func freeBatch() throws(ExportError) -> Int {
    let single: Module
    do {
      let module = try compiler.lowering.forwardModule(weights.phase, batch: 1, isMerged: isMerged)
      single = try compiler.specialized(module, ranks: weights.ranks)
    } catch { throw ExportError(.defect, error.message) }
    let extents = Set(single.functions.flatMap { $0.values.flatMap { $0.type.extents ?? [] } })
    let primes = (31...9973).lazy.filter { number in !(2..<number).contains { $0 * $0 <= number && number.isMultiple(of: $0) } }
    guard let batch = primes.first(where: { prime in !extents.contains { $0 > 0 && $0.isMultiple(of: prime) } }) else {
      throw ExportError(.defect, "no number of examples divides no extent of the network")
    }
    return batch
  }
}
