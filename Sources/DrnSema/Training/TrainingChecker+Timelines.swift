import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

extension TrainingChecker {
  /// A setting that may be constant (`loss: ...`) or change over time (`loss { from ... }`), as a timeline; empty when it was reported.
  func readTimed<Value>(
    _ setting: SettingSpec, _ entries: Settings, _ times: TimelineReader, read: (LocatedOption) -> Value?
  ) -> [TimedValue<Value>] {
    let name = setting.name
    let clauses = entries.clauses.filter { $0.name.text == name }
    if let second = clauses.dropFirst().first ?? (entries[name] == nil ? nil : clauses.first) {
      let first = entries[name]?.name.span ?? clauses.first?.headerSpan
      report(
        .duplicateEntry, "`\(name)` is given twice", at: second.headerSpan, label: "given again",
        secondary: first.map { [Label($0, "first given here")] } ?? [])
    }
    if let clause = clauses.first { return readTimed(clause, times, read: read) }
    guard entries[name] != nil || setting.isRequired else { return [] }
    guard let value = reader.required(setting, entries, of: item.network), let result = read(value) else { return [] }
    return [TimedValue(start: .start, value: result, span: value.span)]
  }

  private func readTimed<Value>(
    _ clause: ClauseEntry, _ times: TimelineReader, read: (LocatedOption) -> Value?
  ) -> [TimedValue<Value>] {
    for selector in clause.selectors + clause.exceptions {
      report(.unreadEntry, "`\(clause.name.text)` concerns the whole network", at: selector.span, label: "selects nothing")
    }
    let (points, events, _) = times.readTimeline(clause)
    for event in events {
      report(
        .unknownEntry, "`\(clause.name.text)` has no events", at: event.whenSpan, label: "an event", help: "write it beside the clause")
    }
    if points.isEmpty, clause.entries.isEmpty {
      report(.missingEntry, "`\(clause.name.text)` has no entry", at: clause.headerSpan, label: "empty", help: "add `from epoch 0: ...`")
    }
    _ = times.checkStart(points, clause)
    return points.compactMap { point in
      if let by = point.by { reader.reportBy(by) }
      guard let value = evaluator.evaluate(point.value) else { return nil }
      let located = LocatedOption(value, point.value.span)
      return read(located).map { TimedValue(start: point.start, value: $0, span: point.span) }
    }
  }

  // MARK: What the timelines hold

  func readLoss(_ value: LocatedOption) -> (any LossFunction)? {
    if let call = value.methodCall {
      if let block = declarations.blocks[call.name] { return writtenLoss(block, call) }
      if vocabulary.losses[call.name] == nil {
        // It may be a block of a file that could not be read.
        guard !declarations.lacksImport else { return nil }
        let known = vocabulary.losses.names + declarations.blockNames
        reportUnknown(.unknownMethod, "there is no loss or block `\(call.name)`", call.name, at: call.nameSpan, among: known)
        return nil
      }
    }
    guard let (type, options) = resolver.resolveMethod(value, among: vocabulary.losses, spec: { $0.spec }, what: "loss") else { return nil }
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
    return type.init(options: options)
  }

  /// The loss that a block of the program is; silent where the network or the data have an error, which was reported.
  private func writtenLoss(_ block: BlockItem, _ call: OptionCall) -> (any LossFunction)? {
    reporter.use(block.name.text)
    guard let network, let data else { return nil }
    return LossElaborator(
      tools: tools, block: block, call: call, declarations: declarations, outputs: network.outputShape,
      takesClasses: data.settings.classes != nil
    ).elaborate()
  }
}
