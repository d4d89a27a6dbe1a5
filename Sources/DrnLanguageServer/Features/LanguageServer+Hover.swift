import DrnDiagnostics
import DrnJSON
import DrnMethods
import DrnProgram
import DrnSema
import DrnSource
import DrnSyntax

extension LanguageServer {
  mutating func hover(_ parameters: JSON) throws(ResponseError) -> JSON {
    let position = try parameters.requiredPosition()
    let (snapshot, index) = try indexed(parameters)
    let offset = snapshot.offset(position)
    if let occurrence = index.occurrence(at: offset, in: snapshot.root) {
      let text = HoverText(snapshot: snapshot, index: index).text(occurrence)
      return text.map { hover($0, occurrence.span, snapshot) } ?? .null
    }
    guard let token = snapshot.tree?.tokens.first(where: { $0.span.start <= offset && offset < $0.span.end }) else { return .null }
    switch token.kind {
    case .keyword(let keyword): return hover("**\(keyword.rawValue)**: \(Glossary.keyword(keyword))", token.span, snapshot)
    case .pattern: return HoverText(snapshot: snapshot, index: index).selector(token.span).map { hover($0, token.span, snapshot) } ?? .null
    case .identifier, .integer, .decimal, .percent, .string, .punctuation, .unknown, .endOfFile: return .null
    }
  }

  private func hover(_ text: String, _ span: Span, _ snapshot: Snapshot) -> JSON {
    ["contents": client.markup(text, in: .hover), "range": snapshot.range(span).json]
  }
}

/// What a word means, as Markdown.
struct HoverText {
  let snapshot: Snapshot
  let index: NameIndex
  private var facts: LayerFacts { LayerFacts(snapshot: snapshot) }

  init(snapshot: Snapshot, index: NameIndex) {
    self.snapshot = snapshot
    self.index = index
  }

  func text(_ occurrence: Occurrence) -> String? {
    switch occurrence.meaning {
    case .symbol(let symbol): return self.symbol(symbol)
    case .selector(let symbols): return symbols.compactMap(symbol).joined(separator: "\n\n")
    case .method(let spec, .layer): return layer(spec, occurrence.span)
    case .method(let spec, let family): return method(spec, family)
    case .option(let option, let method): return "**\(option.name)** of `\(method)`: \(option.explanation)\(defaultText(option))"
    case .setting(let name, let owner): return setting(name, owner)
    case .clause(let name): return "**\(name)**: \(Glossary.clause(name))"
    case .type(let name): return Glossary.type(name).map { "**\(name)**: \($0)" }
    case .word(let word): return Glossary.word(word).map { "**\(word)**: \($0)" }
    case .lint(let name):
      return EditorVocabulary.lints.first { $0.name == name }.map { "**\(name)** (\($0.id)): \($0.summary)" }
    case .file(let path): return "imports `\(path)`"
    }
  }

  private func defaultText(_ option: OptionSpec) -> String {
    option.defaultValue.map { " Default: `\($0.text)`." } ?? (option.isRequired ? " Required." : "")
  }

  private func setting(_ name: String, _ owner: SettingOwner) -> String {
    guard let known = owner[name] else {
      return owner == .data ? "**\(name)**: the name of an example, with its shape" : "**\(name)**: a setting of `\(owner.rawValue)`"
    }
    return "**\(name)**: \(known.explanation)"
  }

  private func method(_ spec: MethodSpec, _ family: MethodFamily) -> String {
    let source = spec.source.map { "\n\nSource: \($0)" } ?? ""
    let options = spec.options.map { "- `\($0.name)`: \($0.explanation)\(defaultText($0))" }
    return
      (["**\(spec.signature)**, \(family.rawValue)", "\(spec.summary)\(source)"]
      + (options.isEmpty ? [] : [options.joined(separator: "\n")])).joined(separator: "\n\n")
  }

  // MARK: Layers

  /// A layer where it is called: what it does here, then what it is.
  private func layer(_ spec: MethodSpec, _ span: Span) -> String {
    let placed = span.file == snapshot.root ? facts.layers(at: span.start) : []
    let own = placed.filter { type(of: $0.node.layer).spec.name == spec.name }
    return [layers(own), method(spec, .layer)].filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  /// Layers of one stage: the first in full, the others by name.
  private func layers(_ placed: [PlacedLayer]) -> String {
    guard let first = placed.first else { return "" }
    let node = first.node
    let inputs = node.inputs.map { shapeText(first.network.shape(of: $0)) }.joined(separator: ", ")
    var lines = ["**\(node.path)**: `\(type(of: node.layer).spec.name)` \(inputs) -> \(shapeText(node.shape))"]
    if first.parameters > 0 {
      lines.append("\(first.parameters.grouped) parameters while dense")
      lines += facts.timeline(first).map { "- \($0)" }
    }
    let others = placed.dropFirst()
    if !others.isEmpty {
      let named = others.prefix(3).map { "`\($0.node.path)` \(shapeText($0.node.shape))" }.joined(separator: ", ")
      lines.append("also \(named)" + (others.count > 3 ? " and \(others.count - 3) more" : ""))
    }
    return lines.joined(separator: "\n")
  }

  private func group(_ path: String, _ placed: [PlacedLayer]) -> String {
    let parameters = placed.reduce(0) { $0 &+ $1.parameters }
    let shape = placed.last.map { " -> \(shapeText($0.node.shape))" } ?? ""
    return "**\(path)**: \(placed.count) layers\(shape), \(parameters.grouped) parameters while dense"
  }

  // MARK: Names

  private func symbol(_ symbol: NamedSymbol) -> String? {
    switch symbol.kind {
    case .label, .binding:
      let named = facts.layers(under: symbol)
      if let first = named.first, !first.layers.isEmpty {
        let isLayer = first.layers.count == 1 && first.layers[0].node.path == first.path
        return isLayer ? layers(named.flatMap(\.layers)) : named.prefix(4).map { group($0.path, $0.layers) }.joined(separator: "\n\n")
      }
      return "**\(symbol.name)**: \(symbol.kind.rawValue)"
    case .parameter: return "**\(symbol.name)**: parameter"
    case .block: return block(symbol)
    case .network: return network(symbol)
    case .data: return data(symbol)
    }
  }

  private func block(_ symbol: NamedSymbol) -> String? {
    guard let item = index.declarations.blocks[symbol.name] else { return nil }
    let parameters = item.parameters.map { parameter in
      let value = parameter.defaultValue.map { " = \(snapshot.sources.text($0.span))" } ?? ""
      return "\(parameter.name.text): \(snapshot.sources.text(parameter.type.span))\(value)"
    }
    return "`block \(symbol.name)(\(parameters.joined(separator: ", ")))`"
  }

  private func network(_ symbol: NamedSymbol) -> String? {
    guard let network = snapshot.result.facts.networks.first(where: { $0.name.text == symbol.name }) else {
      return "**network \(symbol.name)**"
    }
    let placed = network.nodes.indices.map { PlacedLayer(network: network, index: $0) }
    let result = network.nodes.last.map { " -> \(shapeText($0.shape))" } ?? ""
    let parameters = placed.reduce(0) { $0 &+ $1.parameters }
    let state = network.isComplete ? "" : " so far"
    return "**network \(symbol.name)** \(shapeText(network.inputShape))\(result)\n\n\(placed.count) layers, "
      + "\(parameters.grouped) parameters while dense\(state)"
  }

  private func data(_ symbol: NamedSymbol) -> String? {
    guard let data = snapshot.result.programs.map(\.data).first(where: { $0.name == symbol.name }) else {
      return "**data \(symbol.name)**"
    }
    let label = data.classes.map { "\($0) classes" } ?? "\(data.targets) real values"
    let examples = data.examples.map { "\($0.grouped) examples" } ?? "number of examples unknown"
    return "**data \(symbol.name)**: `\(data.inputName)` \(shapeText(data.inputShape)), \(label), \(examples)"
  }

  /// What a selector matches.
  func selector(_ span: Span) -> String? {
    guard
      let match = snapshot.result.selectors.first(where: {
        $0.span.file == span.file && $0.span.start <= span.start && span.end <= $0.span.end
      })
    else { return nil }
    let named = match.layers.prefix(8).map { "`\($0)`" }.joined(separator: ", ")
    return "`\(match.selector)`: \(match.layers.count) layers: \(named)" + (match.layers.count > 8 ? " and others" : "")
  }
}
