/// A network as boxes and arrows, at one phase: layers with their shapes, weights with their forms and ranks, equal blocks that follow each
/// other drawn once.
public struct NetworkGraph: Sendable {
  /// A box.
  struct Node: Sendable {
    /// As in files of weights; empty for the network's own input and output.
    let name: String
    /// The word of the layer.
    let word: String
    /// Its options, as they are written.
    let options: String
    /// Of one example.
    var shape: String
    /// A line for each weight: its size, form and rank.
    var weights: [String] = []
    /// Whether a weight of it has a form with a rank now.
    var isLowRank = false
    /// The block it belongs to, as a place in `blocks`.
    var block: Int?
  }

  /// Boxes drawn within a frame.
  struct Block: Sendable, Hashable {
    let name: String
    /// How many equal ones follow each other.
    let count: Int
  }

  /// What to draw.
  let title: String
  private(set) var nodes: [Node] = []
  /// From one place in `nodes` to another that is greater.
  private(set) var edges: [Edge] = []
  private(set) var blocks: [Block] = []

  /// An arrow.
  struct Edge: Sendable, Hashable {
    let from: Int
    let to: Int
  }

  /// A block of layers in the list of all layers.
  private struct Part {
    var name: String?
    var range: Range<Int>
    var count = 1
  }

  /// The network of some settings in a phase, by its index; `ranks` are those that weights had, by name, where a run says so. Fails with the
  /// number of phases where it has no such phase.
  public init(_ configuration: Configuration, phase index: Int, ranks: [String: Int?] = [:]) throws(ReportFault) {
    guard let phase = configuration.phases.first(where: { $0.index == index }) else {
      let most = configuration.phases.map(\.index).max()
      throw ReportFault("there is no phase \(index)", help: most.map { "phases go from 0 to \($0)" })
    }
    let step = configuration.step(of: phase.start)
    title = "network \(configuration.network), phase \(index), \(phase.start == "end" ? "at the end" : "from \(phase.start)")"
    var weights: [String: [(name: String, text: String, isLowRank: Bool)]] = [:]
    for weight in configuration.weights {
      guard let dot = weight.name.lastIndex(of: ".") else { continue }
      let span = Self.span(of: weight, configuration, step, start: phase.start)
      let size = "\(weight.rows) \u{00D7} \(weight.columns)"
      let known = ranks[weight.name] ?? nil
      let text = known.map { "\(span?.form ?? "") \($0)" } ?? span?.text ?? "dense"
      weights[String(weight.name[..<dot]), default: []].append(
        (size, text, known != nil || span.map { $0.text.contains { $0.isNumber } } ?? false))
    }
    build(configuration, weights)
  }

  private static func span(
    of weight: Configuration.Weight, _ configuration: Configuration, _ step: Int?, start: String
  ) -> Configuration.Span? {
    if start == "end" { return weight.spans.last }
    if let step { return configuration.span(of: weight, at: step) }
    // Without the length of an epoch, moments are compared as they are written.
    guard let number = Int(start.split(separator: " ").last ?? "") else { return weight.spans.first }
    return weight.spans.last { span in span.start != "end" && Int(span.start.split(separator: " ").last ?? "").map { $0 <= number } ?? false
    }
      ?? weight.spans.first
  }

  private mutating func build(
    _ configuration: Configuration, _ weights: [String: [(name: String, text: String, isLowRank: Bool)]]
  ) {
    let layers = configuration.layers
    let parts = Self.folded(layers)
    nodes.append(Node(name: "", word: "input", options: "", shape: configuration.inputShape))
    var places: [String: Int] = ["input": 0]
    for part in parts {
      var block: Int?
      if let name = part.name {
        blocks.append(Block(name: name, count: part.count))
        block = blocks.count - 1
      }
      let length = part.range.count
      for offset in 0..<length {
        let layer = layers[part.range.lowerBound + offset]
        var node = Node(
          name: layer.name, word: layer.word, options: String(layer.call.dropFirst(layer.word.count)), shape: layer.shape, block: block)
        let copies = (0..<part.count).map { weights[layers[part.range.lowerBound + $0 * length + offset].name] ?? [] }
        node.weights = Self.lines(copies)
        node.isLowRank = copies.contains { $0.contains(where: \.isLowRank) }
        nodes.append(node)
        for copy in 0..<part.count { places[layers[part.range.lowerBound + copy * length + offset].name] = nodes.count - 1 }
        for input in layer.inputs {
          if let from = places[input], from < nodes.count - 1 {
            edges.append(Edge(from: from, to: nodes.count - 1))
          }
        }
      }
    }
    let output = places[configuration.output] ?? nodes.count - 1
    nodes.append(Node(name: "", word: "output", options: "", shape: nodes[output].shape))
    edges.append(Edge(from: output, to: nodes.count - 1))
  }

  /// What equal layers hold, each weight once; ranks that differ are a range.
  private static func lines(_ copies: [[(name: String, text: String, isLowRank: Bool)]]) -> [String] {
    guard let first = copies.first else { return [] }
    return first.indices.map { place in
      let texts = copies.compactMap { $0.indices.contains(place) ? $0[place].text : nil }
      let ranks = texts.compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }
      let words = Set(texts.map(\.firstWord))
      guard Set(texts).count > 1 else { return "\(first[place].name) \(texts[0])" }
      if words.count == 1, ranks.count == texts.count, let least = ranks.min(), let most = ranks.max() {
        return "\(first[place].name) \(words.first ?? "") \(least)..\(most)"
      }
      return "\(first[place].name) \(words.sorted().joined(separator: ", "))"
    }
  }

  // MARK: Folding

  /// The layers in parts: those of a block together, equal blocks that follow each other as one.
  private static func folded(_ layers: [Configuration.Layer]) -> [Part] {
    var parts: [Part] = []
    for (index, layer) in layers.enumerated() {
      let name = blockName(layer.name)
      if let last = parts.last, last.name == name, name != nil {
        parts[parts.count - 1].range = last.range.lowerBound..<index + 1
      } else {
        parts.append(Part(name: name, range: index..<index + 1))
      }
    }
    var result: [Part] = []
    for part in parts {
      guard let last = result.last, last.name != nil, part.name != nil,
        signature(part, layers) == signature(Part(name: last.name, range: last.range), layers)
      else {
        result.append(part)
        continue
      }
      result[result.count - 1].count += 1
    }
    return result.map { part in
      guard part.count > 1, let name = part.name,
        let last = blockName(layers[part.range.lowerBound + (part.count * part.range.count) - 1].name)
      else { return part }
      return Part(name: "\(name) .. \(last)", range: part.range, count: part.count)
    }
  }

  /// Up to its first number, as `blocks.0`; `nil` for a layer outside of what is repeated.
  private static func blockName(_ name: String) -> String? {
    let words = name.split(separator: ".")
    guard let number = words.firstIndex(where: { $0.allSatisfy(\.isNumber) }), number > 0, number < words.count - 1 else { return nil }
    return words[...number].joined(separator: ".")
  }

  /// What two blocks must share to be drawn as one: layers, shapes, and where operands come from. A block that takes anything but its own
  /// results and the last one before it is like no other.
  private static func signature(_ part: Part, _ layers: [Configuration.Layer]) -> [String] {
    let prefix = (part.name ?? "") + "."
    let before = part.range.lowerBound > 0 ? layers[part.range.lowerBound - 1].name : "input"
    return layers[part.range].map { layer in
      let inputs = layer.inputs.map { input in
        input.hasPrefix(prefix) ? input.dropping(prefix) : input == before ? "<" : "\(part.name ?? "")<\(input)"
      }
      return [layer.name.dropping(prefix), layer.call, layer.shape, inputs.joined(separator: ",")].joined(separator: "|")
    }
  }
}
