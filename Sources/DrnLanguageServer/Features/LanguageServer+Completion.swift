import DrnDiagnostics
import DrnJSON
import DrnKernels
import DrnMethods
import DrnProgram
import DrnSema
import DrnSource
import DrnSyntax

/// One offer to complete a word.
struct Candidate {
  /// The numbers of the protocol's CompletionItemKind.
  enum Kind: Int {
    case method = 2, function = 3, variable = 6, `class` = 7, module = 9, property = 10, value = 12, keyword = 14, snippet = 15, reference =
      18, constant = 21, event = 23
  }
  let label: String
  let kind: Kind
  var detail = ""
  var documentation: String?
  /// What is written, in the notation of snippets, if it is more than the label.
  var snippet: String?
}

extension LanguageServer {
  mutating func complete(_ parameters: JSON) throws(ResponseError) -> JSON {
    let position = try parameters.requiredPosition()
    let snapshot = try snapshot(parameters)
    guard let tree = snapshot.tree else { return .null }
    let offset = snapshot.offset(position)
    let declarations = DeclaredNames(snapshot.result.facts.trees)
    let reader = CursorReader(tree, bytes: snapshot.document.bytes, offset: offset)
    let context = reader.context(declarations)
    let completer = Completer(snapshot: snapshot, declarations: declarations, context: context, isNested: !reader.frames.isEmpty)
    let range = PositionRange(
      start: snapshot.document.lines.position(at: context.word.lowerBound), end: snapshot.document.lines.position(at: offset))
    return .array(completer.candidates().map { item($0, range) })
  }

  private func item(_ candidate: Candidate, _ range: PositionRange) -> JSON {
    let snippet = client.takesSnippets ? candidate.snippet : nil
    return .make([
      "label": .string(candidate.label), "kind": .integer(candidate.kind.rawValue),
      "detail": candidate.detail.isEmpty ? nil : .string(candidate.detail),
      "documentation": candidate.documentation.map { client.markup($0, in: .completion) }, "insertTextFormat": snippet == nil ? 1 : 2,
      "textEdit": ["range": range.json, "newText": .string(snippet ?? candidate.label)],
    ])
  }
}

/// Lists what may stand at a place.
struct Completer {
  let snapshot: Snapshot
  let declarations: DeclaredNames
  let context: CursorContext
  /// Whether the cursor is inside brackets.
  let isNested: Bool

  func candidates() -> [Candidate] {
    switch context.place {
    case .nowhere: []
    case .declaration: [Keyword.import, .data, .block, .network, .train].map(keyword)
    case .trainNetwork: names(declarations.networks.keys, .class, "network")
    case .trainData: names(declarations.dataSets.keys, .module, "data set")
    case .entry(let owner, let clause): entries(owner, clause)
    case .value(let expected): values(expected)
    case .afterValue(_, let clause): (clause == "weights" ? [Keyword.by] : []).map(keyword) + [Keyword.of, .epochs, .steps].map(keyword)
    case .time: [Keyword.epoch, .step].map(keyword) + [word("end"), word("start")]
    case .selector(let network): selectors(network)
    case .stage(let isPiped): stages(isPiped)
    case .argument(let place): arguments(place)
    case .parameterType: types()
    }
  }

  private func keyword(_ keyword: Keyword) -> Candidate {
    Candidate(label: keyword.rawValue, kind: .keyword, detail: "keyword", documentation: Glossary.keyword(keyword))
  }

  private func word(_ text: String) -> Candidate { Candidate(label: text, kind: .value, documentation: Glossary.word(text)) }

  private func names(_ names: some Sequence<String>, _ kind: Candidate.Kind, _ detail: String) -> [Candidate] {
    names.sorted().filter { !$0.isEmpty }.map { Candidate(label: $0, kind: kind, detail: detail) }
  }

  private func types() -> [Candidate] {
    ["tensor", "int", "float", "bool"].map { Candidate(label: $0, kind: .class, detail: "type", documentation: Glossary.type($0)) }
  }

  private func method(_ spec: MethodSpec, _ detail: String) -> Candidate {
    let required = spec.options.filter(\.isRequired)
    let holes = required.enumerated().map { index, option in
      spec.options.prefix(spec.positional).contains { $0.name == option.name } ? "${\(index + 1)}" : "\(option.name): ${\(index + 1)}"
    }
    let source = spec.source.map { "\n\nSource: \($0)" } ?? ""
    return Candidate(
      label: spec.name, kind: .function, detail: detail, documentation: "`\(spec.signature)`\n\n\(spec.summary)\(source)",
      snippet: holes.isEmpty ? nil : "\(spec.name)(\(holes.joined(separator: ", ")))")
  }

  // MARK: Entries

  private func entries(_ owner: SettingOwner, _ clause: String?) -> [Candidate] {
    func listed(_ owner: SettingOwner) -> [Candidate] {
      owner.settings.map { setting in
        Candidate(
          label: setting.name, kind: .property, detail: "setting", documentation: setting.explanation, snippet: "\(setting.name): $1")
      }
    }
    guard clause == nil else {
      let cycle = Candidate(label: "cycle", kind: .method, detail: "clause", documentation: Glossary.clause("cycle"))
      return [Keyword.from, .every, .at].map(keyword) + [cycle] + (clause == "weights" ? listed(.weights) : [])
    }
    guard owner == .train else { return listed(owner) }
    let clauses = EditorVocabulary.trainClauses.filter { $0 == "weights" }.map { name in
      Candidate(
        label: name, kind: .method, detail: "clause", documentation: Glossary.clause(name),
        snippet: "\(name) ${1:**} {\n  from epoch 0: ${2:dense}\n}")
    }
    return listed(owner) + clauses + [Keyword.every, .at].map(keyword)
  }

  // MARK: Values

  private func values(_ expected: Expectation) -> [Candidate] {
    switch expected {
    case .methods(let specs, let family): specs.map { method($0, family.rawValue) }
    case .option(let kind): options(kind)
    case .type: types() + [Candidate(label: "class", kind: .function, documentation: Glossary.type("class"), snippet: "class($1)")]
    case .selectors: []
    case .lints:
      EditorVocabulary.lints.map { Candidate(label: $0.name, kind: .constant, detail: $0.id, documentation: $0.summary) }
    case .requirement:
      Requirement.Aggregate.allCases.map { word($0.rawValue) } + Requirement.Quantity.allCases.map { word($0.rawValue) }
        + [word("dense_cost")]
    case .path, .constant: []
    }
  }

  private func options(_ kind: OptionKind) -> [Candidate] {
    switch kind {
    case .boolean: [Keyword.true, .false].map(keyword)
    case .word(let words): words.map(word)
    case .rank:
      ["full", "current", "energy", "explained_variance", "budget", "1/2 of outputs", "1/2 of short_side"].map(word)
    case .moment, .moments: [Keyword.epoch, .step].map(keyword)
    case .duration: []
    case .state: ["reset", "restart", "carry", "prune"].map(word)
    case .method(let specs): specs.map { method($0, "method") }
    case .extents(_, let words): words.map(word)
    case .integer, .number, .text, .numbers, .words, .columns: []
    }
  }

  /// Names of options not given yet, then what the option at the cursor takes.
  private func arguments(_ place: CursorContext.ArgumentPlace) -> [Candidate] {
    let values = place.value.map { self.values($0) } ?? stages(false)
    guard place.name == nil else { return values }
    if let spec = place.spec {
      let open = spec.options.filter { !place.given.contains($0.name) }
      return open.map { option in
        Candidate(
          label: option.name, kind: .property, detail: "option of \(spec.name)" + (option.isRequired ? ", required" : ""),
          documentation: option.explanation, snippet: "\(option.name): $1")
      } + values
    }
    let parameters = declarations.blocks[place.callee]?.parameters ?? []
    let open = parameters.dropFirst(place.isPiped ? 1 : 0).filter { !place.given.contains($0.name.text) }
    return open.map { parameter in
      Candidate(
        label: parameter.name.text, kind: .property, detail: "parameter of \(place.callee): \(snapshot.sources.text(parameter.type.span))",
        snippet: "\(parameter.name.text): $1")
    } + values
  }

  // MARK: Networks

  private func stages(_ isPiped: Bool) -> [Candidate] {
    let layers = EditorVocabulary.layers.map { method($0, "layer") }
    let blocks = declarations.blocks.keys.sorted().compactMap { name in declarations.blocks[name].map(block) }
    let words = isPiped ? [Keyword.repeat, .if] : [Keyword.if]
    return (isPiped ? [] : locals()) + layers + blocks + words.map(keyword) + (isNested ? [Keyword.let, .return].map(keyword) : [])
  }

  private func block(_ item: BlockItem) -> Candidate {
    let parameters = item.parameters.map { "\($0.name.text): \(snapshot.sources.text($0.type.span))" }.joined(separator: ", ")
    return Candidate(label: item.name.text, kind: .function, detail: "block(\(parameters))")
  }

  /// Parameters and bindings of the declaration around the cursor.
  private func locals() -> [Candidate] {
    guard let tree = snapshot.tree else { return [] }
    for item in tree.items where item.span.start <= context.word.lowerBound && context.word.lowerBound <= item.span.end {
      switch item {
      case .block(let block): return locals(block.parameters, block.body)
      case .network(let network): return locals(network.parameters, network.body)
      case .importFile, .data, .train: return []
      }
    }
    return []
  }

  private func locals(_ parameters: [Parameter], _ body: [Statement]) -> [Candidate] {
    let bound = body.compactMap { statement -> String? in
      guard case .binding(let name, _, let span) = statement, span.end <= context.word.lowerBound else { return nil }
      return name.text
    }
    return (parameters.map(\.name.text) + bound).filter { !$0.isEmpty }.map { Candidate(label: $0, kind: .variable) }
  }

  /// The layers with matrices, the groups, and patterns, each with what it matches.
  private func selectors(_ name: String) -> [Candidate] {
    guard let network = snapshot.result.facts.networks.first(where: { $0.name.text == name }) else { return [] }
    let matrices = network.nodes.filter { node in
      node.parameters.contains { if case .matrix = $0.kind { true } else { false } }
    }
    let groups = network.labels.keys.filter { label in
      matrices.contains { $0.path.hasPrefix(label + ".") || $0.path.hasPrefix(label + "[") }
    }
    let counted = groups.sorted().map { group in
      let count = matrices.count { $0.path.hasPrefix(group + ".") || $0.path.hasPrefix(group + "[") }
      return Candidate(label: "\(group).**", kind: .reference, detail: "\(count) layers with a matrix")
    }
    let all = Candidate(label: "**", kind: .reference, detail: "all \(matrices.count) layers with a matrix")
    return matrices.map { node in
      let layer = type(of: node.layer).spec.name
      return Candidate(label: node.path, kind: .reference, detail: "\(layer), \(shapeText(node.shape))")
    } + counted + [all, keyword(.except)]
  }
}
