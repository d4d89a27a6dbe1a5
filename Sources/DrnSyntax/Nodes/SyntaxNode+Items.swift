import DrnSource

extension SyntaxNode {
  init(_ item: Item) {
    switch item {
    case .importFile(let item): self.init(.importFile, .item, item.span, [SyntaxNode(.string, .path, item.pathSpan)])
    case .data(let item): self.init(.data, .item, item.span, [SyntaxNode(item.name, .name)] + Self.entries(item.entries))
    case .train(let item):
      let header = [SyntaxNode(item.network, .network), SyntaxNode(item.data, .data)]
      self.init(.train, .item, item.span, header + Self.entries(item.entries))
    case .block(let item):
      let header = [SyntaxNode(item.name, .name)] + item.parameters.map(SyntaxNode.init)
      self.init(.block, .item, item.span, header + Self.statements(item.body, .statement))
    case .network(let item):
      let header = [SyntaxNode(item.name, .name)] + item.parameters.map(SyntaxNode.init)
      let result = [item.result.map { SyntaxNode($0, .result) }]
      self.init(.network, .item, item.span, header + result + Self.statements(item.body, .statement))
    }
  }

  init(_ parameter: Parameter) {
    let end = parameter.defaultValue?.span ?? parameter.type.span
    let value = parameter.defaultValue.map { SyntaxNode($0, .defaultValue) }
    let children = [SyntaxNode(parameter.name, .name), SyntaxNode(parameter.type, .type), value]
    self.init(.parameter, .parameter, parameter.name.span.union(end), children)
  }

  static func entries(_ entries: [Entry]) -> [SyntaxNode?] { entries.map { SyntaxNode($0) } }

  init(_ entry: Entry) {
    switch entry {
    case .setting(let entry):
      self.init(.setting, .entry, entry.span, [SyntaxNode(entry.name, .name)] + Self.values(entry.value, entry.by))
    case .timed(let entry):
      self.init(Self.kind(entry.when), .entry, entry.span, [SyntaxNode(entry.when.time, .time)] + Self.values(entry.value, entry.by))
    case .clause(let entry):
      let selectors = entry.selectors.map { SyntaxNode(.selector, .selector, $0.span) }
      let exceptions = entry.exceptions.map { SyntaxNode(.selector, .exception, $0.span) }
      let header = [SyntaxNode(entry.name, .name)] + entry.arguments.map { SyntaxNode($0, .argument) } + selectors + exceptions
      self.init(.clause, .entry, entry.span, header + Self.entries(entry.entries))
    }
  }

  private static func values(_ value: Expression, _ transition: Expression?) -> [SyntaxNode?] {
    [SyntaxNode(value, .value), transition.map { SyntaxNode($0, .transition) }]
  }

  private static func kind(_ when: TimedEntry.When) -> Kind {
    switch when {
    case .from: .from
    case .every: .every
    case .at: .at
    case .lasting: .lasting
    }
  }

  /// A branch that is one expression is that expression.
  static func statements(_ statements: [Statement], _ role: Role) -> [SyntaxNode?] {
    statements.map { statement in
      switch statement {
      case .binding(let name, let value, let span):
        SyntaxNode(.binding, role, span, [SyntaxNode(name, .name), SyntaxNode(value, .value)])
      case .result(let value, let span) where span == value.span: SyntaxNode(value, role)
      case .result(let value, let span): SyntaxNode(.result, role, span, [SyntaxNode(value, .value)])
      }
    }
  }
}
