import DrnMethods
import DrnProgram
import DrnSema

/// Every selector of a file with the layers it matches, then every layer of its networks with its shapes, for `drnc check --selectors`.
func describeSelectors(_ result: CheckResult) -> String {
  (result.selectors.map(selectorText) + result.programs.flatMap(layerTexts)).joined(separator: "\n") + "\n"
}

private func selectorText(_ match: SelectorMatch) -> String {
  "\(match.selector): \(counted(match.layers.count, "layer"))" + (match.layers.isEmpty ? "" : ": " + match.layers.joined(separator: ", "))
}

private func layerTexts(_ program: CheckedProgram) -> [String] {
  let weights = Dictionary(grouping: program.weights, by: \.node)
  return ["network \(program.network.name):"]
    + program.network.nodes.enumerated().map { index, node in
      let matrices = (weights[index] ?? []).map { "\($0.tensor) \($0.shape.inputs) x \($0.shape.outputs)" }
      let word = type(of: node.layer).spec.name
      return "  \(node.path)  \(word) -> \(shapeText(node.shape))" + (matrices.isEmpty ? "" : "  " + matrices.joined(separator: ", "))
    }
}
