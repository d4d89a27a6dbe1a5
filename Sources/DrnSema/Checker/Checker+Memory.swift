import DrnProgram
import DrnSource
import DrnSyntax

extension Checker {
  /// A network unfolded, or taken over where neither it nor a block it uses changed.
  mutating func networkOutcome(_ item: NetworkItem, _ reach: inout BlockReach?) -> NetworkOutcome {
    let name = item.name.text
    let used = reach?.spans(from: item.span)
    let source = used.map { declarationSource([item.span] + $0) }
    let known = source.flatMap { source in memory?.networks[name]?.moved(to: source) { $0($1) } }
    let (outcome, findings) =
      known.map { ($0.value, $0.findings) }
      ?? NetworkElaborator.outcome(item, declarations, tools(for: .network(name)))
    memory?.networks[name] = known ?? source.flatMap { Remembered(source: $0, value: outcome, findings: findings) }
    collector.add(findings)
    return outcome
  }

  /// A training checked, or taken over where nothing it refers to changed, with its number.
  mutating func trainingOutcome(
    _ item: TrainItem, place: Int, _ network: NetworkOutcome?, _ data: CheckedData?, _ reach: inout BlockReach?
  ) -> TrainingOutcome {
    let source = trainingSource(item, &reach)
    let known = source.flatMap { source in
      memory?.trainings[place]?.moved(to: source) { $0($1, network: network?.network, data: data?.settings) }
    }
    let (outcome, findings) = known.map { ($0.value, $0.findings) } ?? checkAnew(item, place: place, network, data)
    memory?.trainings[place] = known ?? source.flatMap { Remembered(source: $0, value: outcome, findings: findings) }
    collector.add(findings)
    return outcome
  }

  private mutating func checkAnew(
    _ item: TrainItem, place: Int, _ network: NetworkOutcome?, _ data: CheckedData?
  ) -> (TrainingOutcome, Findings) {
    var (outcome, findings) = TrainingChecker(
      tools: tools(for: .training(place)), item: item, elaborated: network, data: data, declarations: declarations
    ).outcome()
    outcome.number = memory?.nextProgram ?? 0
    memory?.nextProgram += 1
    return (outcome, findings)
  }

  /// The texts a training follows from: its own, and those of its data, its network and the blocks of both.
  private func trainingSource(_ item: TrainItem, _ reach: inout BlockReach?) -> DeclarationSource? {
    guard reach != nil else { return nil }
    var spans = [item.span] + (reach?.spans(from: item.span) ?? [])
    if let data = declarations.dataSets[item.data.text] { spans.append(data.span) }
    if let network = declarations.networks[item.network.text] {
      spans.append(network.span)
      spans += reach?.spans(from: network.span) ?? []
    }
    return declarationSource(spans)
  }

  /// Keeps only what this version of the file declares.
  mutating func forgetOldDeclarations() {
    guard let known = memory else { return }
    memory?.networks = known.networks.filter { declarations.networks[$0.key] != nil }
    memory?.trainings = known.trainings.filter { $0.key < declarations.trainings.count }
  }

  private func declarationSource(_ spans: [Span]) -> DeclarationSource {
    let parts = spans.compactMap { span in
      files[span.file].map { DeclarationSource.Part(span: span, text: $0.bytes[span.start..<min(span.end, $0.bytes.count)]) }
    }
    return DeclarationSource(parts: parts, surroundings: files.files.map(\.name) + declarations.blockNames)
  }
}
