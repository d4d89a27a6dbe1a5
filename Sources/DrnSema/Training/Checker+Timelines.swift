import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

extension Checker {
  /// A setting that may be constant (`loss: ...`) or change over time (`loss { from ... }`), as a timeline; empty when it was reported.
  mutating func readTimed<Value>(
    _ name: String, _ entries: Settings, _ time: TimeScale, owner: Name, isRequired: Bool,
    read: (inout Checker, LocatedOption) -> Value?
  ) -> [TimedValue<Value>] {
    let clauses = entries.clauses.filter { $0.name.text == name }
    if let second = clauses.dropFirst().first ?? (entries[name] == nil ? nil : clauses.first) {
      let first = entries[name]?.name.span ?? clauses.first?.headerSpan
      report(
        .duplicateEntry, "`\(name)` is given twice", at: second.headerSpan, label: "given again",
        secondary: first.map { [Label($0, "first given here")] } ?? [])
    }
    if let clause = clauses.first { return readTimed(clause, time, read: read) }
    guard entries[name] != nil || isRequired else { return [] }
    guard let value = required(name, entries, of: owner), let result = read(&self, value) else { return [] }
    return [TimedValue(start: .start, value: result, span: value.span)]
  }

  private mutating func readTimed<Value>(
    _ clause: ClauseEntry, _ time: TimeScale, read: (inout Checker, LocatedOption) -> Value?
  ) -> [TimedValue<Value>] {
    for selector in clause.selectors + clause.exceptions {
      report(.unreadEntry, "`\(clause.name.text)` concerns the whole network", at: selector.span, label: "selects nothing")
    }
    let (points, events) = readTimeline(clause, time)
    for event in events {
      report(
        .unknownEntry, "`\(clause.name.text)` has no events", at: event.whenSpan, label: "an event", help: "write it beside the clause")
    }
    if points.isEmpty, clause.entries.isEmpty {
      report(.missingEntry, "`\(clause.name.text)` has no entry", at: clause.headerSpan, label: "empty", help: "add `from epoch 0: ...`")
    }
    _ = checkStart(points, clause)
    return points.compactMap { point in
      if let by = point.by { reportBy(by) }
      guard let value = evaluate(point.value) else { return nil }
      let located = LocatedOption(value, point.value.span)
      return read(&self, located).map { TimedValue(start: point.start, value: $0, span: point.span) }
    }
  }

  // MARK: What the timelines hold

  mutating func readLoss(_ value: LocatedOption, _ data: CheckedData?) -> DescribedLoss? {
    guard let (type, options) = resolveMethod(value, among: vocabulary.losses, spec: { $0.spec }, what: "loss") else { return nil }
    if let data, type.takesClasses != (data.settings.classes != nil) {
      report(
        .lossTarget,
        "`\(type.spec.name)` needs \(type.takesClasses ? "classes" : "real values"), but `\(data.settings.name)` has "
          + (type.takesClasses ? "real values" : "classes"),
        at: value.span, label: type.takesClasses ? "needs classes" : "needs real values",
        secondary: [Label(data.labelSpan, type.takesClasses ? "real values" : "classes")],
        fixIts: otherLosses(takingClasses: !type.takesClasses, at: value.span))
      return nil
    }
    return DescribedLoss(loss: type.init(options: options), text: callText(type.spec, options))
  }

  mutating func readUpdate(_ value: LocatedOption) -> (any Update)? {
    guard let (type, options) = resolveMethod(value, among: vocabulary.updates, spec: { $0.spec }, what: "optimizer") else { return nil }
    let update = type.init(options: options)
    lintPointless(update.pointless, in: value, of: type.spec)
    return update
  }

  /// A selector, a layer's name, or a list of them, as the saved names of the parameters and buffers of those layers.
  mutating func readParameters(_ value: LocatedOption, _ name: String, _ network: Network?, _ layers: LayerIndex?) -> Set<String>? {
    let items: [LocatedOption]
    if case .list(let listed) = value.value { items = listed } else { items = [value] }
    var selectors: [Selector] = []
    for item in items {
      switch item.value {
      case .word(let text), .pattern(let text): selectors.append(Selector(text: text, span: item.span))
      case .integer, .rational, .decimal, .percent, .boolean, .text, .moment, .duration, .proportion, .list, .call:
        report(
          .optionKind, "`\(name)` takes selectors, but `\(item.value.text)` is \(item.value.kindDescription)", at: item.span,
          label: item.value.kindDescription)
        return nil
      }
    }
    guard let network, let layers else { return nil }
    let errors = errorCount
    let names = select(selectors, except: [], in: layers).flatMap { network.parameterNames(of: $0) }
    if names.isEmpty, errorCount == errors {
      report(.selectorWithoutMatrix, "`\(sources.text(value.span))` selects no parameter", at: value.span, label: "no parameters")
      return nil
    }
    return names.isEmpty ? nil : Set(names)
  }
}
