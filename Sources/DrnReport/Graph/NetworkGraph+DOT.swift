extension NetworkGraph {
  /// The graph in the language of Graphviz.
  public var dot: String {
    var text =
      "digraph network {\n  label=\(Self.quoted(title));\n  rankdir=TB;\n  node [shape=box, style=rounded, fontname=\"sans-serif\", fontsize=11];\n"
    for (index, node) in nodes.enumerated() where node.block == nil { text += "  \(Self.line(node, index))" }
    for (place, block) in blocks.enumerated() {
      let label = block.count > 1 ? "\(block.name) (\u{00D7} \(block.count))" : block.name
      text += "  subgraph cluster_\(place) {\n    label=\(Self.quoted(label));\n"
      for (index, node) in nodes.enumerated() where node.block == place { text += "    \(Self.line(node, index))" }
      text += "  }\n"
    }
    for edge in edges { text += "  n\(edge.from) -> n\(edge.to);\n" }
    return text + "}\n"
  }

  private static func line(_ node: Node, _ index: Int) -> String {
    let label = node.lines.joined(separator: "\n")
    return "n\(index) [label=\(quoted(label))\(node.isLowRank ? ", style=\"rounded,filled\", fillcolor=\"#cfe3f2\"" : "")];\n"
  }

  /// A string of the language: only quotes, and line breaks for it, are escaped; a backslash is doubled so that it begins no escape.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F: result += "?"
      case _: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

extension NetworkGraph.Node {
  /// The path within its block, from behind the number.
  var shortName: String {
    guard block != nil else { return name }
    let words = name.split(separator: ".")
    guard let number = words.firstIndex(where: { $0.allSatisfy(\.isNumber) }) else { return name }
    return words[(number + 1)...].joined(separator: ".")
  }

  /// What is written in the box.
  var lines: [String] {
    guard !name.isEmpty else { return ["\(word) \(shape)"] }
    // A layer without a label is called as its word, which need not be said twice.
    let plain = shortName.split(separator: ".").last.map(String.init) ?? shortName
    let isPlain = plain == word || (plain.hasPrefix(word + "_") && plain.dropFirst(word.count + 1).allSatisfy(\.isNumber))
    let call = word + (options.count > 30 ? Self.shortened(options) : options)
    let head = isPlain ? [Markup.short(shortName, 40)] + (options.isEmpty ? [] : [call]) : [Markup.short(shortName, 40), call]
    return head + weights.prefix(8).map { Markup.short($0, 44) } + ["\u{2192} \(shape)"]
  }

  /// The first options, as many as fit, and a mark for the others.
  private static func shortened(_ options: String) -> String {
    var text = "("
    for part in options.dropFirst().dropLast().split(separator: ",") {
      guard text.count + part.count < 28 else { return (text == "(" ? text + Markup.short(part.trimmed, 26) : text + ", ") + "\u{2026})" }
      text += (text == "(" ? "" : ",") + part
    }
    return text + ")"
  }
}
