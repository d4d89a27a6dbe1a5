import DrnAnalysis
import DrnCompiler
import DrnIR
import DrnMethods
import DrnProgram
import DrnSema
import DrnSource
import DrnSyntax

/// A layer of an unfolded network.
struct PlacedLayer {
  let network: UnfoldedNetwork
  let index: Int
  var node: Network.Node { network.nodes[index] }

  /// Numbers of the layer while every weight is dense.
  var parameters: Int {
    node.parameters.reduce(0) { sum, parameter in
      switch parameter.kind {
      case .matrix(let shape): sum &+ shape.inputs &* shape.outputs
      case .vector(let count): sum &+ count
      }
    }
  }
}

/// Finds layers by where they are written.
struct LayerFacts {
  let snapshot: Snapshot

  /// The layers of the smallest stage around an offset of the document: one for each time its block is unfolded.
  func layers(at offset: Int) -> [PlacedLayer] {
    var best: (length: Int, layers: [PlacedLayer]) = (Int.max, [])
    for network in snapshot.result.facts.networks {
      for (index, node) in network.nodes.enumerated() {
        let span = node.span
        guard span.file == snapshot.root, span.start <= offset, offset <= span.end, span.length <= best.length else { continue }
        if span.length < best.length { best = (span.length, []) }
        best.layers.append(PlacedLayer(network: network, index: index))
      }
    }
    return best.layers
  }

  /// The paths a label gives a name to, with the layers at or below each.
  func layers(under label: NamedSymbol) -> [(path: String, layers: [PlacedLayer])] {
    snapshot.result.facts.networks.flatMap { network in
      network.labels.filter { $0.value == label.span }.keys.sorted().map { path in
        let inside = network.nodes.indices.filter { index in
          let other = network.nodes[index].path
          return other == path || other.hasPrefix(path + ".") || other.hasPrefix(path + "[")
        }
        return (path, inside.map { PlacedLayer(network: network, index: $0) })
      }
    }
  }

  /// The forms of a layer's matrices over time and what each phase costs, for every program that trains its network.
  func timeline(_ layer: PlacedLayer) -> [String] {
    snapshot.result.programs.filter { $0.network.name == layer.network.name.text && layer.network.isComplete }.flatMap { program in
      timeline(layer, PhaseCompiler(program: program))
    }
  }

  private func timeline(_ layer: PlacedLayer, _ compiler: PhaseCompiler) -> [String] {
    let program = compiler.program
    let own = program.weights.indices.filter { program.weights[$0].node == layer.index }
    guard !own.isEmpty else { return [] }
    return program.phases.indices.compactMap { phase in
      let span = program.phases[phase]
      guard let cost = try? compiler.layerCost(node: layer.index, phase: phase, ranks: compiler.scheduledRanks(phase: phase)) else {
        return nil
      }
      let forms = own.map { program.weights[$0].spans[span.forms[$0]].text }.joined(separator: ", ")
      let frozen = cost.parameters == cost.trainableParameters ? "" : " (\(cost.trainableParameters.grouped) trainable)"
      return "\(span.isAtEnd ? "at the end" : "from \(span.start.text)"): \(forms), \(cost.parameters.grouped) parameters\(frozen), "
        + "\(cost.forwardOperations.grouped) multiply-adds an example"
    }
  }
}

extension Int {
  /// Thousands apart: `1,234,567`.
  var grouped: String {
    let digits = Array(String(magnitude))
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return self < 0 ? "-" + text : text
  }
}
