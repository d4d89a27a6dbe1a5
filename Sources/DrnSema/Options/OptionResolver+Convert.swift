import DrnDiagnostics
import DrnMethods
import DrnNumbers
import DrnSource

extension OptionResolver {
  /// The value as the option's kind takes it; `nil` when it was reported. Without a method the option is a setting.
  func convert(_ given: LocatedOption, to option: OptionSpec, of spec: MethodSpec?) -> LocatedOption? {
    let value = given.value
    switch option.kind {
    case .integer(let range):
      guard case .integer(let number) = value else { return refuseKind(given, option, spec) }
      return range.contains(number) ? given : refuseRange(given, option, spec)
    case .number(let range):
      guard let number = value.number else { return refuseKind(given, option, spec) }
      return range.contains(number) ? given : refuseRange(given, option, spec)
    case .boolean: if case .boolean = value { return given }
    case .extents(let range, let words): return convertExtents(given, range, words, option, spec)
    case .text: if case .text = value { return given }
    case .word(let words): return convertWord(given, words, option, spec)
    case .rank: return convertRank(given, option, spec)
    case .moment: if case .moment = value { return given }
    case .duration: if case .duration = value { return given }
    case .moments: return convertMoments(given, option, spec)
    case .numbers(let range): return convertNumbers(given, range, option, spec)
    case .words: return convertWords(given, option, spec)
    case .columns: return convertColumns(given, option, spec)
    case .state: if StatePolicy(value) != nil { return given }
    case .method(let specs): return convertMethod(given, specs, option, spec)
    }
    return refuseKind(given, option, spec)
  }

  private func name(of option: OptionSpec, in spec: MethodSpec?) -> String {
    spec.map { "`\(option.name)` of `\($0.name)`" } ?? "`\(option.name)`"
  }

  private func refuseKind(_ given: LocatedOption, _ option: OptionSpec, _ spec: MethodSpec?) -> LocatedOption? {
    report(
      .optionKind,
      "\(name(of: option, in: spec)) takes \(option.kind.description), but `\(given.value.text)` is \(given.value.kindDescription)",
      at: given.span, label: given.value.kindDescription, notes: option.summary.isEmpty ? [] : [option.summary],
      fixIts: rewritten(given, as: option.kind))
    return nil
  }

  private func refuseRange(_ given: LocatedOption, _ option: OptionSpec, _ spec: MethodSpec?) -> LocatedOption? {
    report(
      .optionRange, "\(name(of: option, in: spec)) takes \(option.kind.description), not \(given.value.text)", at: given.span,
      label: "out of range", notes: option.summary.isEmpty ? [] : [option.summary], fixIts: moved(given, into: option.kind))
    return nil
  }

  private func convertWord(
    _ given: LocatedOption, _ words: [String], _ option: OptionSpec, _ spec: MethodSpec?
  ) -> LocatedOption? {
    guard case .word(let word) = given.value else { return refuseKind(given, option, spec) }
    if words.contains(word) { return given }
    let message = "\(name(of: option, in: spec)) takes \(option.kind.description), not `\(word)`"
    reportUnknown(.optionRange, message, word, at: given.span, among: words)
    return nil
  }

  private func convertWords(_ given: LocatedOption, _ option: OptionSpec, _ spec: MethodSpec?) -> LocatedOption? {
    if case .word = given.value { return LocatedOption(.list([given]), given.span) }
    guard case .list(let items) = given.value else { return refuseKind(given, option, spec) }
    for item in items {
      guard case .word = item.value else { return refuseKind(item, option, spec) }
    }
    return given
  }

  private func convertColumns(_ given: LocatedOption, _ option: OptionSpec, _ spec: MethodSpec?) -> LocatedOption? {
    let items: [LocatedOption]
    if case .list(let listed) = given.value { items = listed } else { items = [given] }
    guard !items.isEmpty else { return refuseRange(given, option, spec) }
    for item in items {
      switch item.value {
      case .text: continue
      case .integer(let number): if number < 0 { return refuseRange(item, option, spec) }
      case .rational, .decimal, .percent, .boolean, .word, .moment, .duration, .proportion, .list, .call, .pattern:
        return refuseKind(item, option, spec)
      }
    }
    return given
  }

  private func convertMoments(_ given: LocatedOption, _ option: OptionSpec, _ spec: MethodSpec?) -> LocatedOption? {
    if case .moment = given.value { return given }
    guard case .list(let items) = given.value else { return refuseKind(given, option, spec) }
    var earlier: (moment: Moment, span: Span)?
    for item in items {
      guard case .moment(let moment) = item.value else { return refuseKind(item, option, spec) }
      let isOrdered = earlier.map { $0.moment.unit != moment.unit || $0.moment.value < moment.value } ?? true
      if let earlier, !isOrdered, tools.options.shorten == nil {
        report(
          .scheduleOrder, "\(name(of: option, in: spec)) lists \(moment.text) after \(earlier.moment.text)", at: item.span,
          label: "not later", secondary: [Label(earlier.span, "\(earlier.moment.text) comes first")])
        return nil
      }
      earlier = (moment, item.span)
    }
    return given
  }

  private func convertNumbers(
    _ given: LocatedOption, _ range: ClosedRange<Double>, _ option: OptionSpec, _ spec: MethodSpec?
  ) -> LocatedOption? {
    let items: [LocatedOption]
    if case .list(let listed) = given.value { items = listed } else { items = [given] }
    for item in items {
      guard let number = item.value.number else { return refuseKind(item, option, spec) }
      guard range.contains(number) else { return refuseRange(item, option, spec) }
    }
    return LocatedOption(.list(items), given.span)
  }

  /// An integer, a list of two, or one of the words.
  private func convertExtents(
    _ given: LocatedOption, _ range: ClosedRange<Int>, _ words: [String], _ option: OptionSpec, _ spec: MethodSpec?
  ) -> LocatedOption? {
    let items: [LocatedOption]
    switch given.value {
    case .word where !words.isEmpty: return convertWord(given, words, option, spec)
    case .list(let listed) where listed.count == 2: items = listed
    case .integer: items = [given]
    case .rational, .decimal, .percent, .boolean, .text, .word, .moment, .duration, .proportion, .list, .call, .pattern:
      return refuseKind(given, option, spec)
    }
    for item in items {
      guard case .integer(let size) = item.value else { return refuseKind(item, option, spec) }
      guard range.contains(size) else { return refuseRange(item, option, spec) }
    }
    return given
  }

  /// A nested call comes back with every option named and defaults filled in.
  private func convertMethod(
    _ given: LocatedOption, _ specs: [MethodSpec], _ option: OptionSpec, _ spec: MethodSpec?
  ) -> LocatedOption? {
    guard let call = given.methodCall else { return refuseKind(given, option, spec) }
    guard let method = specs.first(where: { $0.name == call.name }) else {
      let message = "\(name(of: option, in: spec)) takes \(option.kind.description), not `\(call.name)`"
      reportUnknown(.unknownMethod, message, call.name, at: call.nameSpan, among: specs.map(\.name))
      return nil
    }
    guard let options = resolve(call, against: method) else { return nil }
    let arguments = method.options.compactMap { declared in
      options[declared.name].map { OptionCall.Argument(name: declared.name, nameSpan: nil, value: LocatedOption($0, call.span)) }
    }
    return LocatedOption(
      .call(OptionCall(name: call.name, nameSpan: call.nameSpan, arguments: arguments, span: call.span)), given.span)
  }

  private func convertRank(_ given: LocatedOption, _ option: OptionSpec, _ spec: MethodSpec?) -> LocatedOption? {
    guard let rule = RankRule(given.value) else { return refuseRank(given, option, spec) }
    switch rule {
    case .energy(let share), .explainedVariance(let share):
      guard share > 0, share <= 1 else {
        report(
          .optionRange, "`\(given.value.text)` asks for a share from 0 (exclusive) to 1, not \(formatted(share))", at: given.span,
          label: "out of range")
        return nil
      }
    case .budget(let budget):
      guard budget.share > 0, budget.share <= 1 else {
        report(
          .optionRange, "`\(given.value.text)` asks for a share from 0 (exclusive) to 1 of the dense cost", at: given.span,
          label: "out of range")
        return nil
      }
    case .fraction(let numerator, let denominator, _):
      // A larger share is above every short side, and its product with an extent might not fit.
      guard abs(Double(numerator) / Double(denominator)) <= 1_000_000 else { return refuseRange(given, option, spec) }
    case .exact, .full, .current, .linear: break
    }
    return given
  }

  private func refuseRank(_ given: LocatedOption, _ option: OptionSpec, _ spec: MethodSpec?) -> LocatedOption? {
    switch given.value {
    case .proportion(let share, of: let word) where RankRule.Base(rawValue: word) == nil:
      let candidates = RankRule.Base.allCases.map { "\(share.text) of \($0.rawValue)" }
      let message = "a rank is a share of `outputs`, `inputs` or `short_side`, not of `\(word)`"
      reportUnknown(.unknownName, message, given.value.text, at: given.span, among: candidates)
    case .rational, .percent, .decimal:
      report(
        .optionKind, "`\(given.value.text)` is a share without saying of what", at: given.span, label: "of what?",
        help: "write `\(given.value.text) of short_side`, `of outputs` or `of inputs`",
        fixIts: [
          FixIt(
            "write `\(given.value.text) of short_side`", edits: [.init(given.span, "\(given.value.text) of short_side")],
            confidence: .unsafe)
        ])
    case .integer, .boolean, .text, .word, .moment, .duration, .proportion, .list, .call, .pattern: return refuseKind(given, option, spec)
    }
    return nil
  }
}
