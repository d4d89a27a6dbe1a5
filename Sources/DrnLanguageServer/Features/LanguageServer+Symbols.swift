import DrnJSON
import DrnSource
import DrnSyntax

/// A declaration or label for outlines.
struct OutlineItem {
  /// The numbers of the protocol's SymbolKind.
  enum Kind: Int { case file = 1, module = 2, `class` = 5, method = 6, property = 7, function = 12, variable = 13, object = 19, event = 24 }
  let name: String
  let detail: String
  let kind: Kind
  let span: Span
  let nameSpan: Span
  var children: [OutlineItem] = []
}

extension LanguageServer {
  /// The declarations of a document with their labels and clauses.
  mutating func documentSymbols(_ parameters: JSON) throws(ResponseError) -> JSON {
    let snapshot = try snapshot(parameters)
    let outline = snapshot.tree.map { Outline(snapshot.sources).items($0) } ?? []
    if client.takesNestedSymbols { return .array(outline.map { nested($0, snapshot) }) }
    return .array(outline.flatMap { flat($0, within: nil, snapshot) })
  }

  private func nested(_ item: OutlineItem, _ snapshot: Snapshot) -> JSON {
    [
      "name": .string(item.name), "detail": .string(item.detail), "kind": .integer(item.kind.rawValue),
      "range": snapshot.range(item.span).json, "selectionRange": snapshot.range(item.nameSpan).json,
      "children": .array(item.children.map { nested($0, snapshot) }),
    ]
  }

  private func flat(_ item: OutlineItem, within container: String?, _ snapshot: Snapshot) -> [JSON] {
    let own = JSON.make([
      "name": .string(item.name), "kind": .integer(item.kind.rawValue), "location": location(item.span, snapshot),
      "containerName": container.map { .string($0) },
    ])
    return [own] + item.children.flatMap { flat($0, within: item.name, snapshot) }
  }

  /// The declarations of the workspace whose name holds the letters of the query in their order.
  mutating func workspaceSymbols(_ parameters: JSON) throws(ResponseError) -> JSON {
    let query = Array(try parameters.requiredText("query").lowercased())
    var result: [JSON] = []
    let open = documents.keys.sorted().compactMap { documents[$0] }
    for document in open + savedDocuments() {
      var sources = SourceMap()
      let tree = parse(file: sources.add(name: "", bytes: document.bytes), bytes: document.bytes)
      for item in Outline(sources).declarations(tree) where holds(query, in: item.name) {
        let range = PositionRange(
          start: document.lines.position(at: item.nameSpan.start), end: document.lines.position(at: item.nameSpan.end))
        result.append([
          "name": .string(item.name), "kind": .integer(item.kind.rawValue),
          "location": ["uri": .string(document.uri), "range": range.json],
        ])
      }
    }
    return .array(result)
  }

  private func holds(_ letters: [Character], in name: String) -> Bool {
    var left = letters[...]
    for character in name.lowercased() where character == left.first { left = left.dropFirst() }
    return left.isEmpty
  }
}

/// Makes the outline of a tree.
struct Outline {
  private let sources: SourceMap
  init(_ sources: SourceMap) { self.sources = sources }

  func declarations(_ tree: SyntaxTree) -> [OutlineItem] {
    items(tree).filter { $0.kind != .file }.map { item in
      OutlineItem(name: item.name, detail: item.detail, kind: item.kind, span: item.span, nameSpan: item.nameSpan)
    }
  }

  func items(_ tree: SyntaxTree) -> [OutlineItem] { tree.items.compactMap(item).filter { !$0.name.isEmpty } }

  private func item(_ item: Item) -> OutlineItem? {
    switch item {
    case .importFile(let item): OutlineItem(name: item.path, detail: "import", kind: .file, span: item.span, nameSpan: item.pathSpan)
    case .data(let item): make(item.name, "data", .object, item.span, item.entries.compactMap(entry))
    case .block(let item): make(item.name, "block", .function, item.span, item.body.flatMap(labels))
    case .network(let item): make(item.name, "network", .class, item.span, item.body.flatMap(labels))
    case .train(let item):
      OutlineItem(
        name: "train \(item.network.text)", detail: "on \(item.data.text)", kind: .event, span: item.span,
        nameSpan: item.network.span.length > 0
          ? item.network.span : Span(file: item.span.file, start: item.span.start, end: item.span.start),
        children: item.entries.compactMap(entry))
    }
  }

  private func make(_ name: Name, _ detail: String, _ kind: OutlineItem.Kind, _ span: Span, _ children: [OutlineItem]) -> OutlineItem {
    OutlineItem(name: name.text, detail: detail, kind: kind, span: span.union(name.span), nameSpan: name.span, children: children)
  }

  private func entry(_ entry: Entry) -> OutlineItem? {
    switch entry {
    case .setting(let entry):
      guard !entry.name.text.isEmpty else { return nil }
      return make(entry.name, sources.text(entry.value.span), .property, entry.span, [])
    case .timed(let entry):
      return OutlineItem(
        name: sources.text(entry.whenSpan), detail: sources.text(entry.value.span), kind: .event, span: entry.span.union(entry.whenSpan),
        nameSpan: entry.whenSpan)
    case .clause(let entry):
      let name = sources.text(entry.headerSpan)
      guard !name.isEmpty else { return nil }
      return OutlineItem(
        name: name, detail: "", kind: .module, span: entry.span.union(entry.headerSpan), nameSpan: entry.headerSpan,
        children: entry.entries.compactMap(self.entry))
    }
  }

  // MARK: Labels

  private func labels(_ statement: Statement) -> [OutlineItem] {
    switch statement {
    case .binding(let name, let value, let span):
      name.text.isEmpty ? labels(value) : [make(name, "let", .variable, span, labels(value))]
    case .result(let value, _): labels(value)
    }
  }

  private func labels(_ value: Expression) -> [OutlineItem] {
    switch value.kind {
    case .pipeline(let input, let stages): (input.map(labels) ?? []) + stages.flatMap(labels)
    case .call(_, let arguments): arguments.flatMap { labels($0.value) }
    case .binary(_, let left, let right, _): labels(left) + labels(right)
    case .parenthesized(let inner): labels(inner)
    case .conditional(_, let then, let otherwise): (then + (otherwise ?? [])).flatMap(labels)
    case .integer, .decimal, .percent, .string, .boolean, .name, .moment, .duration, .list, .record, .index, .member, .pattern, .unary,
      .missing:
      []
    }
  }

  private func labels(_ stage: Stage) -> [OutlineItem] {
    let inner: [OutlineItem]
    switch stage.operation {
    case .call(_, let arguments): inner = arguments.flatMap { labels($0.value) }
    case .group(let stages), .repetition(_, let stages): inner = stages.flatMap(labels)
    case .conditional(_, let then, let otherwise): inner = (then + (otherwise ?? [])).flatMap(labels)
    case .missing: inner = []
    }
    guard let label = stage.label, !label.text.isEmpty else { return inner }
    return [make(label, "", .method, stage.span, inner)]
  }
}
