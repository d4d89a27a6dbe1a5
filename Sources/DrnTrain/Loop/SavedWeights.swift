import DrnAnalysis
import DrnCompiler
import DrnDiagnostics
import DrnIR
import DrnLowering
import DrnMethods
import DrnProgram
import DrnSystem
import DrnTensorFile
import Foundation

/// The file of `weights_from`, to start a run with.
///
/// Dense matrices lie in the file as PyTorch keeps them (see `StoredLayout`) and may enter any form that a matrix leads into; so do tensors
/// under the network's own names in its first form (`fc1.weight.u`). Tensors the network does not have are left alone, and so are those
/// that `except` names.
package struct SavedWeights {
  /// The keys of the phase in whose forms a run leaves its weights, and of the ranks and further extents of all, in a file's metadata.
  package static let phaseKey = "drnc.phase"
  package static let ranksKey = "drnc.ranks"
  private let source: WeightsFrom
  private let compiler: PhaseCompiler
  private let file: TensorIndex
  private let path: String

  /// Reads the file's header.
  init(_ source: WeightsFrom, _ compiler: PhaseCompiler) throws(TrainError) {
    self.source = source
    self.compiler = compiler
    path = source.resolvedPath
    let wanted = Set(try Self.tensors(of: compiler, ranks: compiler.scheduledRanks(phase: 0), source).map { Self.nameInFile($0, source) })
    do { file = try TensorIndex(path: path, wanted: wanted) } catch {
      throw TrainError(.weights, "`\(path)`: \(error.message)", help: "`weights_from` takes a safetensors file", span: source.span)
    }
  }

  /// Whether the file is there.
  static func isPresent(_ source: WeightsFrom) -> Bool { Files.exists(source.resolvedPath) }

  /// Looks for every tensor that `load` would take; names and shapes are checked, values are not read.
  func check() throws(TrainError) {
    for (weight, tensors) in try Self.neededTensors(of: compiler, ranks: compiler.scheduledRanks(phase: 0), source) {
      for tensor in heldDensely(weight, tensors).map({ [denseTensor($0)] }) ?? tensors { try checkShape(of: tensor) }
    }
  }

  /// The weight if the file is to hold it whole though the first phase has it in another form.
  private func heldDensely(_ weight: Int?, _ tensors: [Needed]) -> Int? {
    guard tensors.first?.isMatrix == false, !tensors.contains(where: { file.shape(of: nameInFile($0)) != nil }) else { return nil }
    return weight
  }

  /// Replaces every parameter and buffer of the first phase but those that `except` names.
  func load(into state: inout ModelState, key: UInt64, threads: Int) throws(TrainError) {
    let ranks = state.ranks
    var dense: [(weight: Int, values: [Float])] = []
    for (weight, tensors) in try Self.neededTensors(of: compiler, ranks: ranks, source) {
      if let weight = heldDensely(weight, tensors) {
        dense.append((weight, try denseValues(weight)))
      } else {
        for tensor in tensors { state.places[tensor.name] = .values(try values(of: tensor)) }
      }
    }
    try represent(dense, in: &state, key: key, threads: threads)
  }

  /// A tensor the network needs, in the shape it is used in.
  package struct Needed: Sendable {
    /// Its name in the network.
    package let name: String
    /// Whether it is the whole matrix, by its own name.
    let isMatrix: Bool
    let weight: WeightPlan?
    /// How a file keeps it.
    package let layout: StoredLayout
    /// Which of its vectors the form needs orthonormal.
    var orthonormal: MatrixVectors?
    /// Sizes in a file, outermost first.
    package var storedShape: [Int] { layout.storedShape }
  }

  /// What a file may hold of one weight, or one vector or buffer: the tensors of its first form, or the whole matrix where that form has others.
  package struct Part: Sendable {
    /// In the first form.
    package let tensors: [Needed]
    /// The whole matrix; `nil` where the first form is that.
    package let dense: Needed?
  }

  /// Everything that a file has to hold for a network to begin with.
  package static func parts(of compiler: PhaseCompiler) throws(TrainError) -> [Part] {
    let everything = WeightsFrom(path: "", folder: "", names: [], excepted: [], span: compiler.program.training.span)
    return try neededTensors(of: compiler, ranks: compiler.scheduledRanks(phase: 0), everything).map { weight, tensors in
      Part(tensors: tensors, dense: tensors.first?.isMatrix == false ? weight.map { denseTensor($0, of: compiler) } : nil)
    }
  }

  private func denseTensor(_ weight: Int) -> Needed { Self.denseTensor(weight, of: compiler) }

  private static func denseTensor(_ weight: Int, of compiler: PhaseCompiler) -> Needed {
    let plan = compiler.program.weights[weight]
    return Needed(name: plan.name, isMatrix: true, weight: plan, layout: StoredLayout(dense: plan))
  }

  /// The dense matrix of a weight, from which its first form is found.
  private func denseValues(_ weight: Int) throws(TrainError) -> [Float] {
    try values(of: denseTensor(weight))
  }

  /// All that may be taken of a file: what `neededTensors` names, and the dense matrix of every weight.
  private static func tensors(of compiler: PhaseCompiler, ranks: [Int], _ source: WeightsFrom) throws(TrainError) -> [Needed] {
    try neededTensors(of: compiler, ranks: ranks, source).flatMap { group in
      group.tensors + (group.weight.map { [denseTensor($0, of: compiler)] } ?? [])
    }
  }

  /// The tensors of every weight in its first form, and each vector and buffer by itself.
  private static func neededTensors(
    of compiler: PhaseCompiler, ranks: [Int], _ source: WeightsFrom
  ) throws(TrainError) -> [(weight: Int?, tensors: [Needed])] {
    var groups: [(weight: Int?, tensors: [Needed])] = []
    do {
      for tensor in try compiler.tensors(phase: 0, ranks: ranks) where tensor.info.role != .state {
        let info = tensor.info
        let plan = info.weight.map { compiler.program.weights[$0] }
        if source.excepted.contains(plan?.name ?? info.name) { continue }
        let layout = StoredLayout(tensor, of: plan)
        let needed = Needed(
          name: info.name, isMatrix: plan?.name == info.name, weight: plan, layout: layout, orthonormal: info.parameter?.orthonormal)
        if let weight = info.weight, let last = groups.indices.last, groups[last].weight == weight {
          groups[last].tensors.append(needed)
        } else {
          groups.append((info.weight, [needed]))
        }
      }
    } catch { throw TrainError(.defect, error.message) }
    return groups
  }

  /// A pair for `fc1.weight` renames its factors too: `fc1.weight.u` is then `<name in the file>.u`.
  private func nameInFile(_ tensor: Needed) -> String { Self.nameInFile(tensor, source) }

  private static func nameInFile(_ tensor: Needed, _ source: WeightsFrom) -> String {
    if let pair = source.names.first(where: { $0.here == tensor.name }) { return pair.there }
    guard let plan = tensor.weight, let pair = source.names.first(where: { $0.here == plan.name }) else { return tensor.name }
    return pair.there + tensor.name.dropFirst(plan.name.count)
  }

  private func checkShape(of tensor: Needed) throws(TrainError) {
    let name = nameInFile(tensor)
    guard let shape = file.shape(of: name) else { throw missing(name, tensor) }
    guard shape == tensor.storedShape else { throw misshapen(name, shape, tensor) }
  }

  private func values(of tensor: Needed) throws(TrainError) -> [Float] {
    try checkShape(of: tensor)
    let name = nameInFile(tensor)
    let values: [Float]
    do { values = try file.read(name)?.floats() ?? [] } catch {
      throw TrainError(.weights, "`\(path)`: \(error.message)", span: source.span)
    }
    guard values.allSatisfy(\.isFinite) else {
      throw TrainError(.weights, "the tensor `\(name)` of `\(path)` holds values that are no numbers", span: source.span)
    }
    let used = tensor.layout.loaded(values)
    try requireOrthonormal(used, tensor)
    return used
  }

  /// A form that reads its spectrum and its state off its core is only right between orthonormal bases.
  private func requireOrthonormal(_ values: [Float], _ tensor: Needed) throws(TrainError) {
    guard let vectors = tensor.orthonormal, tensor.layout.shape.count == 2 else { return }
    let deviation = gramDeviation(values, rows: tensor.layout.shape[0], columns: tensor.layout.shape[1], of: vectors)
    // Bases stored with eight bits of mantissa are within 0.004; what is further off was not meant to be orthonormal.
    guard !(deviation <= 0.01) else { return }
    let name = tensor.weight?.name ?? tensor.name
    throw TrainError(
      .weights,
      "the \(vectors.rawValue) of `\(nameInFile(tensor))` of `\(path)` are not orthonormal: their inner products are off by up to \(LogValue.format(deviation))",
      help: "`core` works between orthonormal bases; start as `three_factor`, or from a file with the whole `\(name)`", span: source.span)
  }

  private func missing(_ name: String, _ tensor: Needed) -> TrainError {
    TrainError(
      .weights, "`\(path)` has no tensor `\(name)`, which should have shape \(tensor.storedShape)", help: advice(name, tensor),
      span: source.span)
  }

  /// The nearest name, and how to take it where the map can; without one, what there is.
  private func advice(_ name: String, _ tensor: Needed) -> String {
    let names = file.names
    guard let nearest = Suggestion.nearest(to: name, in: names) else {
      let held = names.prefix(8).map { "`\($0)`" }.joined(separator: ", ") + (names.count > 8 ? ", ..." : "")
      return names.isEmpty ? "the file holds no tensor" : "the file holds \(held); " + leavingOut(tensor)
    }
    let isMappable = tensor.weight == nil || tensor.weight?.name == tensor.name
    let shape = file.shape(of: nearest) ?? []
    let text = "the nearest name in the file is `\(nearest)`"
    guard shape == tensor.storedShape else { return text + ", of shape \(shape); " + leavingOut(tensor) }
    return text + (isMappable ? "; `map: [[\"\(tensor.name)\", \"\(nearest)\"]]` takes it" : "; " + leavingOut(tensor))
  }

  /// How to draw the layer of a tensor and take the rest from the file.
  private func leavingOut(_ tensor: Needed) -> String {
    let nodes = compiler.program.network
    let node = nodes.nodes.indices.first { nodes.parameterNames(of: $0).contains(tensor.weight?.name ?? tensor.name) }
    return "`except: \(node.map { nodes.nodes[$0].path } ?? tensor.name)` draws the layer and takes the others from the file"
  }

  private func misshapen(_ name: String, _ shape: [Int], _ tensor: Needed) -> TrainError {
    let isOtherWayRound = shape == tensor.layout.shape || shape.sorted() == tensor.storedShape.sorted()
    return TrainError(
      .weights, "the tensor `\(name)` of `\(path)` has shape \(shape), but `\(tensor.name)` needs \(tensor.storedShape)",
      help: isOtherWayRound ? tensor.layout.description : leavingOut(tensor), span: source.span)
  }

  /// Gives dense matrices the forms of the first phase.
  private func represent(_ dense: [(weight: Int, values: [Float])], in state: inout ModelState, key: UInt64, threads: Int)
    throws(TrainError)
  {
    guard !dense.isEmpty else { return }
    let representation: Compiled
    do { representation = try compiler.representation(of: dense.map(\.weight), ranks: state.ranks) } catch {
      throw TrainError(.defect, error.message)
    }
    let inputs = dense.map { (PortName.dense(compiler.program.weights[$0.weight].name), TensorPlace.values($0.values)) }
    let results = try OneShot.run(representation, inputs: Dictionary(inputs) { first, _ in first }, key: key, threads: threads)
    state.places.merge(results.tensors) { _, new in new }
  }
}

/// Holds the file of `weights_from` against the network that it is to start, where both are there; `false` where the file is absent.
public func checkSavedWeights(_ program: CheckedProgram) throws(TrainError) -> Bool {
  guard let source = program.training.weightsFrom else { return true }
  guard SavedWeights.isPresent(source) else { return false }
  try SavedWeights(source, PhaseCompiler(program: program)).check()
  return true
}

/// The largest entry of the vectors' Gram matrix less the identity.
private func gramDeviation(_ values: [Float], rows: Int, columns: Int, of vectors: MatrixVectors) -> Double {
  let (count, length) = vectors == .columns ? (columns, rows) : (rows, columns)
  let (step, stride) = vectors == .columns ? (1, columns) : (columns, 1)
  var largest = 0.0
  for left in 0..<count {
    for right in 0...left {
      var sum = left == right ? -1.0 : 0.0
      for index in 0..<length { sum += Double(values[left * step + index * stride]) * Double(values[right * step + index * stride]) }
      largest = max(largest, abs(sum))
    }
  }
  return largest
}
