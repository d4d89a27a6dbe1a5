/// A phase as it was run: its steps, and the forms that weights have in it.
struct PhaseSpan {
  let index: Int
  let from: Int
  let to: Int
  /// `fc1, fc2: factored 49; head: dense`.
  let forms: String
  let settings: String

  /// Phases, weights and groups of weights that are told of.
  private static let most = (phases: 500, weights: 2000, groups: 8)

  /// The phases of a run up to its last step, from its settings, or from its log where there are none.
  static func spans(of run: RunRecord) -> [PhaseSpan] {
    let last = max(run.lastStep, run.epochs.last?.step ?? 0)
    let configuration = run.configuration
    if !configuration.phases.isEmpty {
      return configuration.phases.prefix(most.phases).compactMap { phase in
        let from = configuration.step(of: phase.start) ?? last
        let to = configuration.step(of: phase.end) ?? last
        guard from < last || (phase.start == "end" && from <= last) else { return nil }
        return PhaseSpan(
          index: phase.index, from: from, to: min(max(from, to), last), forms: forms(configuration, at: from, isEnd: phase.start == "end"),
          settings: phase.settings)
      }
    }
    var spans: [PhaseSpan] = []
    var start = 0
    for (place, epoch) in run.epochs.enumerated() {
      let next = run.epochs.indices.contains(place + 1) ? run.epochs[place + 1].phase : nil
      guard next != epoch.phase || place == run.epochs.count - 1 else { continue }
      spans.append(PhaseSpan(index: epoch.phase ?? spans.count, from: start, to: epoch.step, forms: "", settings: ""))
      start = epoch.step
    }
    return spans
  }

  private static func forms(_ configuration: Configuration, at step: Int, isEnd: Bool) -> String {
    var groups: [(text: String, names: [String])] = []
    for weight in configuration.weights.prefix(most.weights) {
      guard let span = configuration.span(of: weight, at: step, isEnd: isEnd) else { continue }
      let name = weight.name.hasSuffix(".weight") ? String(weight.name.dropLast(7)) : weight.name
      if groups.last?.text == span.text { groups[groups.count - 1].names.append(name) } else { groups.append((span.text, [name])) }
    }
    let told = groups.prefix(most.groups).map { group in
      let names =
        group.names.count > 3
        ? "\(group.names[0]) .. \(group.names[group.names.count - 1]) (\(group.names.count))" : group.names.joined(separator: ", ")
      return "\(names): \(group.text)"
    }.joined(separator: "; ")
    return told + (groups.count > most.groups ? "; and \(groups.count - most.groups) more" : "")
  }
}

extension Configuration {
  /// The form of a weight from a step on; `isEnd` for what begins at the end.
  func span(of weight: Weight, at step: Int, isEnd: Bool = false) -> Span? {
    weight.spans.last { span in
      if span.start == "end" { return isEnd }
      return self.step(of: span.start).map { $0 <= step } ?? (span.start == "epoch 0")
    } ?? weight.spans.first
  }
}
