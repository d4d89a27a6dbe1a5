import DrnDiagnostics
import DrnProgram
import DrnSource
import DrnSyntax

extension Checker {
  /// A network unfolded, or taken over where neither it nor a block it uses changed.
  mutating func networkOutcome(_ item: NetworkItem, _ reach: inout BlockReach?) -> NetworkOutcome {
    let used = reach?.spans(from: item.span, self)
    let source = used.map { declarationSource([item.span] + $0) }
    if let source, let known = memory?.networks[item.name.text], known.source.hasSameText(as: source) {
      let move = known.source.move(to: source)
      let (outcome, effects) = (move(known.value), move(known.effects))
      remember(Remembered(source: source, value: outcome, effects: effects), network: item.name.text)
      add(effects, of: .network(item.name.text))
      return outcome
    }
    let (outcome, effects) = isolate { checker in
      let network = checker.elaborate(item)
      let facts = checker.unfolding.facts(of: item.name, isComplete: network != nil)
      return NetworkOutcome(network: network, facts: facts, inputSpan: checker.unfolding.inputSpan)
    }
    memory?.networks[item.name.text] = nil
    if let source { remember(Remembered(source: source, value: outcome, effects: effects), network: item.name.text) }
    add(effects, of: .network(item.name.text))
    return outcome
  }

  private mutating func remember(_ record: Remembered<NetworkOutcome>, network: String) {
    guard record.effects.spans.allSatisfy({ record.source.holds($0) }) else { return }
    memory?.networks[network] = record
  }

  /// A training checked, or taken over where nothing it refers to changed, with its number.
  mutating func trainingOutcome(
    _ item: TrainItem, place: Int, _ network: Network?, _ data: CheckedData?, _ reach: inout BlockReach?
  ) -> (program: CheckedProgram?, number: Int) {
    var spans = [item.span]
    if let data = dataSets[item.data.text] { spans.append(data.span) }
    if let network = networks[item.network.text] {
      spans.append(network.span)
      spans += reach?.spans(from: network.span, self) ?? []
    }
    let source = reach == nil ? nil : declarationSource(spans)
    let known = memory.flatMap { $0.trainings.indices.contains(place) ? $0.trainings[place] : nil }
    if let source, let known, known.source.hasSameText(as: source) {
      let move = known.source.move(to: source)
      let effects = move(known.effects)
      var program: CheckedProgram?
      if let old = known.value, let network, let data { program = move(old, network: network, data: data.settings) }
      remember(Remembered(source: source, value: program, effects: effects, number: known.number), training: place)
      add(effects, of: .training(place))
      return (program, known.number)
    }
    let (program, effects) = isolate { $0.checkTraining(item, network, data) }
    let number = memory?.nextProgram ?? 0
    memory?.nextProgram += 1
    // Without a text of its own the record fits no later version.
    let own = source ?? DeclarationSource(parts: [], surroundings: ["unknown"])
    remember(Remembered(source: own, value: program, effects: effects, number: number), training: place)
    add(effects, of: .training(place))
    return (program, number)
  }

  private mutating func remember(_ record: Remembered<CheckedProgram?>, training place: Int) {
    let isWhole = record.effects.spans.allSatisfy { record.source.holds($0) }
    let kept =
      isWhole ? record : Remembered(source: DeclarationSource(parts: [], surroundings: ["unknown"]), value: nil, effects: CheckEffects())
    if memory?.trainings.indices.contains(place) == true { memory?.trainings[place] = kept } else { memory?.trainings.append(kept) }
  }

  /// Keeps only what this version of the file declares.
  mutating func forgetOldDeclarations() {
    guard let known = memory else { return }
    memory?.networks = known.networks.filter { networks[$0.key] != nil }
    memory?.trainings = Array(known.trainings.prefix(trainings.count))
  }

  private func declarationSource(_ spans: [Span]) -> DeclarationSource {
    let parts = spans.compactMap { span in
      sources[span.file].map { DeclarationSource.Part(span: span, text: $0.bytes[span.start..<min(span.end, $0.bytes.count)]) }
    }
    return DeclarationSource(parts: parts, surroundings: sources.files.map(\.name) + blockNames)
  }
}

/// Finds the blocks a declaration may use: every one whose name occurs in it, and theirs.
struct BlockReach {
  private let trees: [SyntaxTree]
  private var known: [Span: [String]] = [:]

  init(_ trees: [SyntaxTree]) { self.trees = trees }

  /// The places of the blocks, each once, in a fixed order.
  mutating func spans(from start: Span, _ checker: Checker) -> [Span] {
    var found: [Span] = []
    var names: Set<String> = []
    var open = [start]
    while let span = open.popLast() {
      for name in blocks(in: span, checker) where names.insert(name).inserted {
        guard let block = checker.blocks[name] else { continue }
        found.append(block.span)
        open.append(block.span)
      }
    }
    return found
  }

  private mutating func blocks(in span: Span, _ checker: Checker) -> [String] {
    if let names = known[span] { return names }
    var names: [String] = []
    if let tree = trees.first(where: { $0.file == span.file }), let source = checker.sources[span.file] {
      var (low, high) = (0, tree.tokens.count)
      while low < high {
        let middle = (low + high) / 2
        if tree.tokens[middle].span.start < span.start { low = middle + 1 } else { high = middle }
      }
      for token in tree.tokens[low...].prefix(while: { $0.span.start < span.end }) where token.kind == .identifier {
        let name = source.text(token.span.start..<token.span.end)
        if checker.blocks[name] != nil { names.append(name) }
      }
    }
    known[span] = names
    return names
  }
}
