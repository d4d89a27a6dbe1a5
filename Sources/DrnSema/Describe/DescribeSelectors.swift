import DrnMethods

/// Every selector of a file with the layers it matches, then every layer of the network with its shapes, for `drnc check --selectors`.
public func describeSelectors(_ result: CheckResult) -> String {
  var lines = result.selectors.map { match in
    "\(match.selector): \(counted(match.layers.count, "layer"))" + (match.layers.isEmpty ? "" : ": " + match.layers.joined(separator: ", "))
  }
  for program in result.programs {
    lines.append("network \(program.network.name):")
    let weights = Dictionary(grouping: program.weights, by: \.node)
    for (index, node) in program.network.nodes.enumerated() {
      let matrices = (weights[index] ?? []).map { "\($0.tensor) \($0.shape.inputs) x \($0.shape.outputs)" }
      let word = type(of: node.layer).spec.name
      lines.append(
        "  \(node.path)  \(word) -> \(shapeText(node.shape))" + (matrices.isEmpty ? "" : "  " + matrices.joined(separator: ", ")))
    }
  }
  return lines.joined(separator: "\n") + "\n"
}
