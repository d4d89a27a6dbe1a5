import DrnCompiler
import DrnMethods
import DrnProgram
import DrnSource
import DrnTensorFile
import DrnTrain

/// Which tensor of a file becomes which of a network: by names where they say it, else by shapes.
public struct WeightMap: Sendable {
  /// Why two tensors go together.
  public enum Reason: String, Sendable {
    /// It was asked for.
    case given
    /// They have the same name.
    case name
    /// Their names are words for the same place of a residual network.
    case role
    /// No other layer of the file has the shapes of the layer, and no other layer of the network fits it.
    case shape
    /// As many layers of the file as of the network have these shapes, and they are paired in their order.
    case order
  }
  /// A tensor of the network with one of the file.
  public struct Entry: Sendable {
    /// The name here, and the sizes in a file of weights.
    public let name: String
    public let shape: [Int]
    /// The tensor of the file.
    public let tensor: ModelFile.Tensor
    /// Whether rows and columns change places.
    public let isTurned: Bool
    public let reason: Reason
  }
  /// A layer for which the file has nothing.
  public struct Missing: Sendable {
    /// The path by which selectors name it, and its place in the source.
    public let path: String
    public let span: Span
    /// What is missing of it, with the sizes in a file of weights.
    public let tensors: [(name: String, shape: [Int])]
    /// A tensor of the file that may have been meant, and has other sizes.
    public let near: (name: String, shape: [Int])?
  }

  /// In the order of the network.
  public private(set) var entries: [Entry] = []
  public private(set) var missing: [Missing] = []
  /// Tensors of the file that may be weights and become nothing.
  public private(set) var unused: [ModelFile.Tensor] = []
  /// Tensors of the file that no network needs: counters of batches, constants of a graph.
  public private(set) var ignored: [ModelFile.Tensor] = []

  /// Whether two layers were paired by their order alone.
  public var isByOrder: Bool { entries.contains { $0.reason == .order } }

  /// `pairs` are names here and in the file, of layers or of tensors.
  public init(_ file: ModelFile, _ compiler: PhaseCompiler, pairs: [(here: String, there: String)]) throws(ImportError) {
    var matcher = try LayerMatcher(file, compiler)
    try matcher.take(pairs)
    matcher.matchNames()
    matcher.matchRoles()
    matcher.matchShapes()
    matcher.matchOrder()
    (entries, missing) = (matcher.entries, matcher.missing)
    (unused, ignored) = (matcher.unused, matcher.ignored)
  }

  /// The tensors that are taken, under their names here and in the layout of a file of weights; `nil` is in no case half of them.
  public func weights(from file: ModelFile) throws(ImportError) -> [NamedTensor] {
    var tensors: [NamedTensor] = []
    for entry in entries {
      let values = try file.floats(of: entry.tensor)
      tensors.append(NamedTensor(name: entry.name, shape: entry.shape, floats: entry.isTurned ? turned(values, entry) : values))
    }
    return tensors
  }

  /// From rows and columns of the file to those of the network.
  private func turned(_ values: [Float], _ entry: Entry) -> [Float] {
    let (rows, columns) = (entry.shape[0], entry.shape[1])
    return (0..<rows).flatMap { row in (0..<columns).map { values[$0 * rows + row] } }
  }
}

/// Pairs the layers of a network with those of a file; what is paired is taken out of both.
struct LayerMatcher {
  /// A weight, vector or buffer that is still to be found.
  private struct Slot {
    let part: String
    /// Whether it is the table of an embedding, which others keep by token.
    let isEmbedding: Bool
    let tensors: SavedWeights.Part
    /// Whether one tensor is enough; a form that is no matrix and has no other beside it is taken by names alone.
    var isOneTensor: Bool { tensors.dense != nil || tensors.tensors.count == 1 }
    /// The whole of it.
    var whole: SavedWeights.Needed { tensors.dense ?? tensors.tensors[0] }
  }
  private struct NetworkLayer {
    let node: Int
    let name: String
    let kind: LayerKind
    var slots: [Slot]
  }
  private struct FileLayer {
    let name: String
    let kind: LayerKind
    var tensors: [ModelFile.Tensor]
  }

  private let file: ModelFile
  private let program: CheckedProgram
  private var layers: [NetworkLayer] = []
  private var held: [FileLayer] = []
  private(set) var ignored: [ModelFile.Tensor] = []
  /// By the place of the tensor in the network, so that entries come out in its order.
  private var found: [String: WeightMap.Entry] = [:]
  private var order: [String] = []

  init(_ file: ModelFile, _ compiler: PhaseCompiler) throws(ImportError) {
    (self.file, program) = (file, compiler.program)
    let parts: [SavedWeights.Part]
    do { parts = try SavedWeights.parts(of: compiler) } catch { throw ImportError(.defect, error.message) }
    var byName: [String: SavedWeights.Part] = [:]
    for part in parts { if let first = part.tensors.first { byName[part.dense?.name ?? first.name] = part } }
    for (index, node) in program.network.nodes.enumerated() {
      let slots = (node.parameters.map(\.name) + node.buffers.map(\.name)).compactMap { name in
        byName["\(node.savedName).\(name)"].map { Slot(part: name, isEmbedding: node.layer is any TokenLayer, tensors: $0) }
      }
      guard !slots.isEmpty else { continue }
      order += slots.flatMap { ($0.tensors.dense.map { [$0] } ?? []) + $0.tensors.tensors }.map(\.name)
      let kind = Self.kind(slots.map { ($0.part, $0.whole.storedShape) })
      layers.append(NetworkLayer(node: index, name: node.savedName, kind: kind, slots: slots))
    }
    group()
  }

  private static func kind(_ tensors: [(part: String, shape: [Int])]) -> LayerKind {
    if tensors.contains(where: { $0.part == "running_mean" }) { return .normalization }
    guard let weight = tensors.first(where: { $0.part == "weight" })?.shape else { return .other }
    return weight.count > 2 ? .convolution : weight.count == 2 ? .matrix : .other
  }

  /// The layers of the file in their order: natural for names, that of the file for ONNX.
  private mutating func group() {
    var places: [String: Int] = [:]
    let counters: Set<String> = ["num_batches_tracked"]
    for tensor in file.tensors {
      guard tensor.isWeight, !counters.contains(tensor.part) else {
        ignored.append(tensor)
        continue
      }
      if let place = places[tensor.layer] {
        held[place].tensors.append(tensor)
      } else {
        places[tensor.layer] = held.count
        held.append(FileLayer(name: tensor.layer, kind: .other, tensors: [tensor]))
      }
    }
    held = held.map { FileLayer(name: $0.name, kind: Self.kind($0.tensors.map { (Self.common($0.part), $0.shape) }), tensors: $0.tensors) }
    if file.format == .safetensors { held.sort { Self.precedes($0.name, $1.name) } }
  }

  /// By runs of digits as numbers and by other characters.
  private static func precedes(_ left: String, _ right: String) -> Bool {
    func pieces(_ text: String) -> [(number: Int, text: String)] {
      var pieces: [(Int, String)] = []
      var rest = text[...]
      while let first = rest.first {
        let isNumber = first.isASCII && first.isNumber
        let run = rest.prefix { ($0.isASCII && $0.isNumber) == isNumber }
        pieces.append((isNumber ? Int(run) ?? .max : -1, String(run)))
        rest = rest.dropFirst(run.count)
      }
      return pieces
    }
    let (first, second) = (pieces(left), pieces(right))
    for (a, b) in zip(first, second) where a != b {
      if a.number != b.number { return a.number < b.number }
      return a.text.utf8.lexicographicallyPrecedes(b.text.utf8)
    }
    return first.count < second.count
  }

  /// What other programs call a part of a layer.
  private static func common(_ part: String) -> String {
    switch part {
    case "kernel", "gamma", "W", "w", "weights": "weight"
    case "beta", "b", "biases": "bias"
    case "moving_mean": "running_mean"
    case "moving_variance": "running_var"
    case _: part
    }
  }

  // MARK: Fitting

  /// Whether a tensor of the file has the sizes of one of the network, and whether its rows and columns change places; `nil` where it has not.
  private func isTurned(_ tensor: ModelFile.Tensor, _ needed: SavedWeights.Needed, isEmbedding: Bool) -> Bool? {
    let (shape, stored) = (tensor.shape, needed.storedShape)
    let isReversible = needed.layout.isTurned && shape.count == 2 && stored.count == 2
    // Which way round a matrix lies, its use says, or who wrote it; that of an embedding lies by token with others.
    let isInputsFirst = tensor.orientation == .inputsFirst || tensor.orientation == .unknown && isEmbedding && !file.isOwn
    if isReversible, isInputsFirst, shape == stored.reversed() { return true }
    if shape == stored { return false }
    // A convolution of one place is a matrix with others, one along sequences has one extent less.
    if needed.layout.kernel != nil, shape.filter({ $0 != 1 }) == stored.filter({ $0 != 1 }), shape.reduce(1, *) == stored.reduce(1, *) {
      return false
    }
    return isReversible && shape == stored.reversed() ? true : nil
  }

  /// For every tensor that a layer still needs one of a layer of the file; `nil` where one does not fit, or one of the file is left over.
  private func fit(_ layer: NetworkLayer, _ other: FileLayer) -> [(slot: Slot, tensor: ModelFile.Tensor, isTurned: Bool)]? {
    guard layer.slots.count == other.tensors.count else { return nil }
    var pairs: [(Slot, ModelFile.Tensor, Bool)] = []
    for slot in layer.slots where slot.isOneTensor {
      guard let tensor = other.tensors.first(where: { Self.common($0.part) == slot.part }),
        let isTurned = isTurned(tensor, slot.whole, isEmbedding: slot.isEmbedding)
      else { return nil }
      pairs.append((slot, tensor, isTurned))
    }
    return pairs.count == layer.slots.count ? pairs : nil
  }

  private mutating func pair(_ layer: Int, _ other: Int, _ reason: WeightMap.Reason) -> Bool {
    guard let pairs = fit(layers[layer], held[other]) else { return false }
    for (slot, tensor, isTurned) in pairs { add(slot.whole, tensor, isTurned, reason) }
    layers[layer].slots = []
    held[other].tensors = []
    return true
  }

  private mutating func add(_ needed: SavedWeights.Needed, _ tensor: ModelFile.Tensor, _ isTurned: Bool, _ reason: WeightMap.Reason) {
    found[needed.name] = WeightMap.Entry(
      name: needed.name, shape: needed.storedShape, tensor: tensor, isTurned: isTurned, reason: reason)
  }

  private mutating func remove(_ tensor: ModelFile.Tensor) {
    for index in held.indices { held[index].tensors.removeAll { $0.name == tensor.name } }
  }

  // MARK: Passes

  /// What was asked for: names of two layers, or of two tensors.
  mutating func take(_ pairs: [(here: String, there: String)]) throws(ImportError) {
    for (here, there) in pairs {
      if let layer = layers.firstIndex(where: { $0.name == here || program.network.nodes[$0.node].path == here }) {
        guard let other = held.firstIndex(where: { $0.name == there && !$0.tensors.isEmpty }) else { throw unknown(there, "layer") }
        guard pair(layer, other, .given) else {
          throw ImportError(
            .names,
            "`\(here)` needs \(Self.text(layers[layer].slots.map { ($0.part, $0.whole.storedShape) })), and `\(there)` of the file has "
              + Self.text(held[other].tensors.map { ($0.part, $0.shape) }))
        }
        continue
      }
      guard let layer = layers.firstIndex(where: { $0.slots.contains { $0.whole.name == here } }),
        let place = layers[layer].slots.firstIndex(where: { $0.whole.name == here })
      else {
        throw ImportError(
          .names, "the network has no layer or tensor `\(here)` that is still to be found",
          help: "without --map `drnc import` prints the names of both")
      }
      let slot = layers[layer].slots[place]
      guard let tensor = held.lazy.flatMap(\.tensors).first(where: { $0.name == there }) else { throw unknown(there, "tensor") }
      guard let isTurned = isTurned(tensor, slot.whole, isEmbedding: slot.isEmbedding) else {
        throw ImportError(
          .names,
          "`\(here)` needs \(Self.text([("", slot.whole.storedShape)])), and `\(there)` of the file has \(Self.text([("", tensor.shape)]))")
      }
      add(slot.whole, tensor, isTurned, .given)
      layers[layer].slots.remove(at: place)
      remove(tensor)
    }
  }

  private func unknown(_ name: String, _ what: String) -> ImportError {
    ImportError(
      .names, "`\(file.path)` has no \(what) `\(name)` that is still to be had", help: "`drnc import \(file.path)` prints what it has")
  }

  private static func text(_ tensors: [(part: String, shape: [Int])]) -> String {
    tensors.map { ($0.part.isEmpty ? "" : "\($0.part) ") + "\($0.shape)" }.joined(separator: ", ")
  }

  /// Tensors by their own names, those of the first form before the whole matrix.
  mutating func matchNames() {
    let byName = Dictionary(held.flatMap(\.tensors).map { ($0.name, $0) }) { first, _ in first }
    for index in layers.indices { layers[index].slots = layers[index].slots.filter { !takesByName($0, byName) } }
    let taken = Set(found.values.map(\.tensor.name))
    for index in held.indices {
      let rest = held[index].tensors.filter { !taken.contains($0.name) }
      ignored += rest.filter { isSecondCopy($0, of: taken) }
      held[index].tensors = rest.filter { !isSecondCopy($0, of: taken) }
    }
  }

  private mutating func takesByName(_ slot: Slot, _ byName: [String: ModelFile.Tensor]) -> Bool {
    let tensors = slot.tensors.tensors.map { needed in byName[needed.name].flatMap { $0.shape == needed.storedShape ? $0 : nil } }
    if tensors.count > 1, tensors.allSatisfy({ $0 != nil }) {
      for (needed, tensor) in zip(slot.tensors.tensors, tensors) { if let tensor { add(needed, tensor, false, .name) } }
      return true
    }
    guard slot.isOneTensor, let tensor = byName[slot.whole.name], let isTurned = isTurned(tensor, slot.whole, isEmbedding: slot.isEmbedding)
    else { return false }
    add(slot.whole, tensor, isTurned, .name)
    return true
  }

  /// Whether an export of drnc has the tensor a second time, in another arrangement: by the name with a number.
  private func isSecondCopy(_ tensor: ModelFile.Tensor, of taken: Set<String>) -> Bool {
    guard file.isOwn, let cut = tensor.name.lastIndex(of: "_"), Int(tensor.name[tensor.name.index(after: cut)...]) != nil else {
      return false
    }
    return taken.contains(String(tensor.name[..<cut]))
  }

  /// Layers whose paths are words for the same place.
  mutating func matchRoles() {
    let here = LayerRole.table(layers.map { ($0.name, $0.kind) })
    let there = LayerRole.table(held.map { ($0.name, $0.kind) })
    for (role, layer) in here {
      guard let other = there[role], !layers[layer].slots.isEmpty, !held[other].tensors.isEmpty else { continue }
      _ = pair(layer, other, .role)
    }
  }

  private var openLayers: [Int] { layers.indices.filter { !layers[$0].slots.isEmpty } }
  private var openHeld: [Int] { held.indices.filter { !held[$0].tensors.isEmpty } }

  /// Layers that fit one layer of the file alone, where that fits no other.
  mutating func matchShapes() {
    var isChanged = true
    while isChanged {
      isChanged = false
      let (open, others) = (openLayers, openHeld)
      for layer in open {
        let candidates = others.filter { !held[$0].tensors.isEmpty && fit(layers[layer], held[$0]) != nil }
        guard candidates.count == 1, open.filter({ fit(layers[$0], held[candidates[0]]) != nil }).count == 1 else { continue }
        if pair(layer, candidates[0], .shape) { isChanged = true }
      }
    }
  }

  /// Layers of the same shapes by their order, where there are as many here as there.
  mutating func matchOrder() {
    for layer in openLayers where !layers[layer].slots.isEmpty {
      let shapes = layers[layer].slots.map(\.whole.storedShape)
      let alike = openLayers.filter { layers[$0].slots.map(\.whole.storedShape) == shapes }
      let candidates = openHeld.filter { fit(layers[layer], held[$0]) != nil }
      guard alike.count == candidates.count else { continue }
      for (layer, other) in zip(alike, candidates) { _ = pair(layer, other, .order) }
    }
  }

  // MARK: Results

  var entries: [WeightMap.Entry] { order.compactMap { found[$0] } }
  var unused: [ModelFile.Tensor] { held.flatMap(\.tensors) }

  var missing: [WeightMap.Missing] {
    let left = unused
    return layers.filter { !$0.slots.isEmpty }.map { layer in
      let node = program.network.nodes[layer.node]
      let role = LayerRole(layer.name, layer.kind)
      let near = left.first { tensor in
        let part = layer.slots[0].part
        guard Self.common(tensor.part) == part else { return false }
        return tensor.layer == layer.name || role != nil && LayerRole(tensor.layer, layer.kind) == role
      }
      return WeightMap.Missing(
        path: node.path, span: node.span,
        tensors: layer.slots.flatMap { slot in (slot.isOneTensor ? [slot.whole] : slot.tensors.tensors).map { ($0.name, $0.storedShape) } },
        near: near.map { ($0.name, $0.shape) })
    }
  }
}
