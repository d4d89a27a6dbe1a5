import DrnDiagnostics
import DrnProgram
import DrnSource
import DrnSyntax

extension Span {
  func holds(_ other: Span) -> Bool { other.file == file && start <= other.start && other.end <= end }
}

/// Moves places from where declarations stood to where they stand now.
struct SpanMove {
  private let parts: [(old: Span, new: Span)]
  /// Whether nothing moves.
  let isIdentity: Bool

  init(_ parts: [(old: Span, new: Span)]) {
    self.parts = parts
    isIdentity = parts.allSatisfy { $0.old == $0.new }
  }

  func callAsFunction(_ span: Span) -> Span {
    guard let part = parts.first(where: { $0.old.holds(span) }) else { return span }
    let distance = part.new.start - part.old.start
    return Span(file: part.new.file, start: span.start + distance, end: span.end + distance)
  }

  func callAsFunction(_ label: Label) -> Label { Label(self(label.span), label.message) }

  func callAsFunction(_ diagnostic: Diagnostic) -> Diagnostic {
    var moved = diagnostic
    moved.primary = diagnostic.primary.map { self($0) }
    moved.secondary = diagnostic.secondary.map { self($0) }
    moved.fixIts = diagnostic.fixIts.map { fixIt in
      let edits = fixIt.edits.map { FixIt.Edit(self($0.span), $0.replacement) }
      return FixIt(fixIt.message, edits: edits, confidence: fixIt.confidence)
    }
    return moved
  }

  func callAsFunction(_ findings: Findings) -> Findings {
    guard !isIdentity else { return findings }
    var moved = findings
    moved.entries = findings.entries.map { Findings.Entry(diagnostic: self($0.diagnostic), owner: $0.owner) }
    moved.uses.bindings = Set(findings.uses.bindings.map { self($0) })
    moved.uses.declaredBindings = findings.uses.declaredBindings.map { Name($0.text, self($0.span)) }
    moved.matches = findings.matches.map { self($0) }
    return moved
  }

  func callAsFunction(_ entry: LevelEntry) -> LevelEntry {
    LevelEntry(
      code: entry.code, level: entry.level, span: self(entry.span), setting: self(entry.setting), siblings: entry.siblings.map { self($0) })
  }

  func callAsFunction(_ match: SelectorMatch) -> SelectorMatch {
    SelectorMatch(selector: match.selector, span: self(match.span), layers: match.layers)
  }

  func callAsFunction(_ outcome: NetworkOutcome) -> NetworkOutcome {
    guard !isIdentity else { return outcome }
    var moved = outcome
    let nodes = outcome.facts.nodes.map { self($0) }
    moved.network?.nodes = nodes
    moved.facts = UnfoldedNetwork(
      name: Name(outcome.facts.name.text, self(outcome.facts.name.span)), inputShape: outcome.facts.inputShape, nodes: nodes,
      labels: outcome.facts.labels.mapValues { self($0) }, isComplete: outcome.facts.isComplete)
    moved.inputSpan = outcome.inputSpan.map { self($0) }
    moved.resultSpan = self(outcome.resultSpan)
    return moved
  }

  private func callAsFunction(_ node: Network.Node) -> Network.Node {
    var moved = node
    moved.span = self(node.span)
    return moved
  }

  /// The outcome with the network and data of this version; no program without either.
  func callAsFunction(_ outcome: TrainingOutcome, network: Network?, data: DataSettings?) -> TrainingOutcome {
    var moved = outcome
    moved.program = nil
    if let old = outcome.program, let network, let data { moved.program = self(old, network: network, data: data) }
    moved.levels = outcome.levels.map { self($0) }
    return moved
  }

  /// The program with the network and data of this version.
  private func callAsFunction(_ program: CheckedProgram, network: Network, data: DataSettings) -> CheckedProgram {
    var moved = program
    moved.network = network
    moved.data = data
    guard !isIdentity else { return moved }
    moved.training.span = self(program.training.span)
    if let from = program.training.weightsFrom { moved.training.weightsFrom?.span = self(from.span) }
    for weight in moved.weights.indices {
      for span in moved.weights[weight].spans.indices {
        moved.weights[weight].spans[span].span = self(moved.weights[weight].spans[span].span)
      }
    }
    for event in moved.events.indices { moved.events[event].span = self(moved.events[event].span) }
    for requirement in moved.requirements.indices { moved.requirements[requirement].span = self(moved.requirements[requirement].span) }
    moved.selectors = program.selectors.map { self($0) }
    return moved
  }
}

extension Findings {
  /// Every place the findings name.
  var spans: [Span] {
    let diagnostics = entries.map(\.diagnostic)
    let fixes = diagnostics.flatMap(\.fixIts).flatMap(\.edits).map(\.span)
    let labels = diagnostics.flatMap { ($0.primary.map { [$0] } ?? []) + $0.secondary }.map(\.span)
    return fixes + labels + Array(uses.bindings) + uses.declaredBindings.map(\.span) + matches.map(\.span)
  }
}
