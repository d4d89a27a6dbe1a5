import DrnMethods
import DrnProgram
import DrnSema
import DrnSource
import DrnSyntax

/// Walks the trees of a program and notes what every word means.
struct IndexBuilder {
  let declarations: DeclaredNames
  let sources: SourceMap
  let networks: [String: UnfoldedNetwork]
  /// What the checker found selectors to match, by where they are.
  let matches: [Span: [String]]
  var occurrences: [FileID: [Occurrence]] = [:]
  /// Labels and bindings by where they are declared, for the words of selectors.
  var named: [Span: NamedSymbol] = [:]
  var selectors: [PlacedSelector] = []
  let layers: [String: MethodSpec]

  /// A selector and the network it selects from.
  struct PlacedSelector {
    let selector: Selector
    let network: String
  }

  init(declarations: DeclaredNames, result: CheckResult, sources: SourceMap) {
    self.declarations = declarations
    self.sources = sources
    networks = Dictionary(result.facts.networks.map { ($0.name.text, $0) }) { first, _ in first }
    matches = Dictionary(result.selectors.map { ($0.span, $0.layers) }) { first, _ in first }
    layers = Dictionary(EditorVocabulary.layers.map { ($0.name, $0) }) { first, _ in first }
    trees = result.facts.trees
  }
  private let trees: [SyntaxTree]

  mutating func run() {
    for tree in trees { for item in tree.items { walk(item) } }
    resolveSelectors()
  }

  mutating func add(_ span: Span, _ meaning: Meaning, isDefinition: Bool = false) {
    guard span.length > 0 else { return }
    occurrences[span.file, default: []].append(Occurrence(span: span, meaning: meaning, isDefinition: isDefinition))
  }

  mutating func define(_ kind: NamedSymbol.Kind, _ name: Name) -> NamedSymbol {
    let symbol = NamedSymbol(kind: kind, name: name.text, span: name.span)
    add(name.span, .symbol(symbol), isDefinition: true)
    return symbol
  }

  mutating func refer(_ name: Name, to symbol: NamedSymbol?) { if let symbol { add(name.span, .symbol(symbol)) } }

  // MARK: Where names stand

  private mutating func walk(_ item: Item) {
    switch item {
    case .importFile(let item): add(item.pathSpan, .file(item.path))
    case .data(let item):
      _ = define(.data, item.name)
      for entry in item.entries { walk(entry, owner: .data, clause: nil, network: nil) }
    case .block(let item):
      _ = define(.block, item.name)
      walkBody(item.parameters, nil, item.body)
    case .network(let item):
      _ = define(.network, item.name)
      walkBody(item.parameters, item.result, item.body)
    case .train(let item):
      refer(item.network, to: declarations.network(item.network.text))
      refer(item.data, to: declarations.data(item.data.text))
      for entry in item.entries { walk(entry, owner: .train, clause: nil, network: item.network.text) }
    }
  }

  private mutating func walkBody(_ parameters: [Parameter], _ result: Expression?, _ body: [Statement]) {
    var scope: LocalScope = [:]
    for parameter in parameters {
      walkValue(parameter.type, .type, scope)
      if let value = parameter.defaultValue { walkValue(value, .constant, scope) }
      scope[parameter.name.text] = define(.parameter, parameter.name)
    }
    if let result { walkValue(result, .type, scope) }
    walk(body, scope)
  }

  // MARK: Entries

  private mutating func walk(_ entry: Entry, owner: SettingOwner, clause: String?, network: String?) {
    switch entry {
    case .setting(let entry):
      add(entry.name.span, .setting(entry.name.text, owner))
      let isInput = owner == .data && owner[entry.name.text] == nil
      let expected = Expectation.setting(entry.name.text, of: owner)
      if case .selectors = expected, let network { walkSelectors(entry.value, network) }
      walkValue(entry.value, isInput ? .type : expected, [:])
      if let by = entry.by { walkValue(by, .methods(EditorVocabulary.transitions, .transition), [:]) }
    case .timed(let entry):
      walkValue(entry.when.time, .option(.moments), [:])
      let expected = Expectation.timed(inClause: clause, isEvent: entry.isEvent)
      if case .selectors = expected, let network { walkSelectors(entry.value, network) }
      walkValue(entry.value, expected, [:])
      if let by = entry.by { walkValue(by, .methods(EditorVocabulary.transitions, .transition), [:]) }
    case .clause(let entry):
      add(entry.name.span, .clause(entry.name.text))
      for argument in entry.arguments { walkValue(argument.value, .option(.moment), [:]) }
      if let network {
        selectors += (entry.selectors + entry.exceptions).map { PlacedSelector(selector: $0, network: network) }
      }
      let inner = entry.name.text == "cycle" ? clause : entry.name.text
      let innerOwner = inner == "weights" ? .weights : owner
      for nested in entry.entries { walk(nested, owner: innerOwner, clause: inner, network: network) }
    }
  }

  /// Selectors in the place of a value, as `trainable` takes them.
  private mutating func walkSelectors(_ value: Expression, _ network: String) {
    if case .list(let items) = value.kind { return items.forEach { walkSelectors($0, network) } }
    let text = sources.text(value.span)
    selectors.append(PlacedSelector(selector: Selector(text: text, span: value.span), network: network))
  }
}

/// The names of parameters and bindings visible at a place.
typealias LocalScope = [String: NamedSymbol]

extension TimedEntry {
  /// Whether something happens at a moment, rather than holds from it on.
  var isEvent: Bool {
    switch when {
    case .every, .at: true
    case .from, .lasting: false
    }
  }
}
