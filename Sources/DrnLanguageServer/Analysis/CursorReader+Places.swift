import DrnMethods
import DrnProgram
import DrnSema
import DrnSource
import DrnSyntax

extension CursorReader {
  typealias Place = CursorContext.Place
  typealias ArgumentPlace = CursorContext.ArgumentPlace

  func place(_ declarations: DeclaredNames) -> (Place, ArgumentPlace?) {
    guard let item else { return (last >= 0 && at(last, .import) ? .nowhere : .declaration, nil) }
    if at(item, .data) || at(item, .train) {
      guard let body = frames.firstIndex(where: { $0.mark == .openBrace }) else { return (headerPlace(item), nil) }
      return entryPlace(body, at(item, .data) ? .data : .train)
    }
    guard at(item, .block) || at(item, .network) else { return (.nowhere, nil) }
    guard let body = frames.firstIndex(where: { $0.mark == .openBrace }) else {
      let isType = last > item && (at(last, .colon) || at(last, .arrow))
      return (isType ? .parameterType : .nowhere, nil)
    }
    return stagePlace(body, declarations)
  }

  private func headerPlace(_ item: Int) -> Place {
    guard at(item, .train) else { return .nowhere }
    if last == item { return .trainNetwork }
    return at(last, .on) ? .trainData : .nowhere
  }

  // MARK: Bodies of data, train and clauses

  /// What an entry was found to be, as far as the cursor.
  private struct EntryState {
    var setting: String?
    var clause: String?
    var isTimed = false
    var isEvent = false
    /// Whether the `:` was passed.
    var isValue = false
    var isBy = false
    /// Whether anything of the entry is there.
    var isBegun = false
  }

  private func entryPlace(_ first: Int, _ owner: SettingOwner) -> (Place, ArgumentPlace?) {
    var clause: String?
    var depth = first
    // Clauses inside the body: the innermost brace holds the entry.
    while let inner = frames.indices.first(where: { $0 > depth && frames[$0].mark == .openBrace }) {
      let header = readEntry(from: frames[depth].bracket + 1, to: frames[inner].bracket)
      if let name = header.clause, name != "cycle" { clause = name }
      depth = inner
    }
    let rest = frames[(depth + 1)...]
    let end = rest.first?.bracket ?? count
    let entry = readEntry(from: frames[depth].bracket + 1, to: end)
    let expected = expectation(entry, owner, clause)
    if rest.isEmpty { return (bare(entry, owner, clause, expected), nil) }
    return nested(Array(rest), expected, isPiped: false, nil)
  }

  /// Reads the entries of one body between two tokens; what is left is the last one.
  private func readEntry(from start: Int, to end: Int) -> EntryState {
    var state = EntryState()
    var index = start
    while index < end {
      if case .punctuation(let mark) = kind(index), mark.opens {
        index = skipBrackets(index, end)
        if mark == .openBrace { state = EntryState() }
        continue
      }
      read(index, into: &state)
      index += 1
    }
    return state
  }

  private func read(_ index: Int, into state: inout EntryState) {
    if at(index, .from) || at(index, .every) || at(index, .at) {
      state = EntryState(isTimed: true, isEvent: !at(index, .from), isBegun: true)
    } else if at(index, .colon) {
      state.isValue = true
    } else if at(index, .by) {
      state.isBy = true
    } else if isUnit(index), at(index + 1, .colon), !state.isTimed {
      // `20 epochs: dense`, inside `cycle`.
      state = EntryState(isTimed: true, isBegun: true)
    } else if isName(index), at(index + 1, .colon), !state.isTimed || state.isValue {
      state = EntryState(setting: text(index), isBegun: true)
    } else if kind(index) == .identifier, !state.isBegun || state.isValue && isFirstOnLine(index) && !continues(index - 1) {
      state = EntryState(clause: text(index), isBegun: true)
    } else {
      state.isBegun = true
    }
  }

  private func isUnit(_ index: Int) -> Bool { at(index, .epoch) || at(index, .epochs) || at(index, .step) || at(index, .steps) }

  /// Whether a value cannot end with this token.
  private func continues(_ index: Int) -> Bool {
    switch kind(index) {
    case .punctuation(let mark): !mark.closes
    case .keyword(let keyword): keyword == .of || keyword == .by || keyword == .and || keyword == .or || keyword == .not
    case .identifier, .integer, .decimal, .percent, .string, .pattern, .unknown, .endOfFile: false
    }
  }

  private func skipBrackets(_ open: Int, _ end: Int) -> Int {
    var depth = 0
    for index in open..<end {
      guard case .punctuation(let mark) = kind(index) else { continue }
      if mark.opens { depth += 1 }
      if mark.closes { depth -= 1 }
      if depth == 0 { return index + 1 }
    }
    return end
  }

  private func expectation(_ entry: EntryState, _ owner: SettingOwner, _ clause: String?) -> Expectation {
    if entry.isBy { return .methods(EditorVocabulary.transitions, .transition) }
    if let setting = entry.setting { return .setting(setting, of: clause == "weights" ? .weights : owner) }
    return .timed(inClause: clause, isEvent: entry.isEvent)
  }

  /// Outside every bracket of the entry.
  private func bare(_ entry: EntryState, _ owner: SettingOwner, _ clause: String?, _ expected: Expectation) -> Place {
    let previous = last
    if !entry.isBegun { return .entry(owner, clause: clause) }
    if let name = entry.clause, name == "weights", let item, !isOnNewLine || at(previous, .comma) || at(previous, .except) {
      return .selector(network: item + 1 < count ? text(item + 1) : "")
    }
    if continues(previous) || at(previous, .colon) {
      if case .selectors = expected, let item { return .selector(network: text(item + 1)) }
      return .value(at(previous, .of) ? .option(.word(RankRule.Base.allCases.map(\.rawValue))) : expected)
    }
    if entry.isTimed, !entry.isValue { return .time }
    if isOnNewLine { return .entry(owner, clause: clause) }
    return entry.isValue ? .afterValue(owner, clause: clause) : .nowhere
  }

  // MARK: Bodies of blocks and networks

  private func stagePlace(_ body: Int, _ declarations: DeclaredNames) -> (Place, ArgumentPlace?) {
    // Groups and branches are braces as well: what counts is the innermost one.
    let brace = frames.lastIndex { $0.mark == .openBrace } ?? body
    let rest = Array(frames[(brace + 1)...])
    guard let first = rest.first else { return (bareStage(isPiped: isPiped(before: count)), nil) }
    return nested(rest, nil, isPiped: isPiped(before: first.bracket - 1), declarations)
  }

  private func bareStage(isPiped: Bool) -> Place {
    let previous = last
    if at(previous, .colon) || at(previous, .pipe) || at(previous, .openBrace) { return .stage(isPiped: true) }
    if at(previous, .assign) || at(previous, .return) || at(previous, .plus) { return .stage(isPiped: false) }
    return isOnNewLine ? .stage(isPiped: isPiped) : .nowhere
  }

  /// Whether the word before the token is a stage: after `|>`, a label, or at the start of a group.
  private func isPiped(before index: Int) -> Bool {
    at(index - 1, .pipe) || at(index - 1, .colon) || at(index - 1, .openBrace)
  }

  // MARK: Calls

  /// Inside parentheses and lists: what the outer ones say about the innermost.
  private func nested(
    _ open: [Frame], _ outer: Expectation?, isPiped: Bool, _ declarations: DeclaredNames?
  ) -> (Place, ArgumentPlace?) {
    var expected = outer
    var call: ArgumentPlace?
    for (index, frame) in open.enumerated() {
      let end = index + 1 < open.count ? open[index + 1].bracket : count
      guard frame.mark == .openParenthesis, frame.bracket > 0, isName(frame.bracket - 1) else {
        expected = expected?.element
        continue
      }
      let place = argumentPlace(frame, end, expected, isPiped: isPiped && index == 0, declarations)
      expected = place.value ?? (declarations == nil ? .constant : nil)
      call = place
    }
    guard let innermost = open.last else { return (.nowhere, nil) }
    if innermost.mark == .openParenthesis, let call, call.calleeSpan == tokens[innermost.bracket - 1].span {
      return (.argument(call), call)
    }
    return (expected.map { .value($0) } ?? .stage(isPiped: false), call)
  }

  private func argumentPlace(
    _ frame: Frame, _ end: Int, _ expected: Expectation?, isPiped: Bool, _ declarations: DeclaredNames?
  ) -> ArgumentPlace {
    let callee = text(frame.bracket - 1)
    let (spec, family) = method(callee, expected, declarations)
    var (unnamed, name, given): (Int, String?, [String]) = (0, nil, [])
    var index = frame.bracket + 1
    while index < end {
      if case .punctuation(let mark) = kind(index), mark.opens {
        index = skipBrackets(index, end)
        continue
      }
      if isName(index), at(index + 1, .colon), index + 1 < end {
        name = text(index)
        given.append(text(index))
      }
      if at(index, .comma) {
        unnamed += name == nil ? 1 : 0
        name = nil
      }
      index += 1
    }
    return ArgumentPlace(
      callee: callee, calleeSpan: tokens[frame.bracket - 1].span, spec: spec, family: family, unnamed: unnamed, name: name, given: given,
      isPiped: isPiped, upcoming: end == count && isName(count) && at(count + 1, .colon) ? text(count) : nil)
  }

  private func method(_ callee: String, _ expected: Expectation?, _ declarations: DeclaredNames?) -> (MethodSpec?, MethodFamily) {
    switch expected {
    case .methods(let specs, let family): return (specs.first { $0.name == callee }, family)
    case .option(.method(let specs)): return (specs.first { $0.name == callee }, .option)
    case .option, .type, .selectors, .lints, .requirement, .path, .constant: return (nil, .option)
    case nil:
      let isBlock = declarations?.blocks[callee] != nil
      return (isBlock ? nil : EditorVocabulary.layers.first { $0.name == callee }, .layer)
    }
  }
}

extension CursorContext.ArgumentPlace {
  /// The option the cursor is in, if it is known.
  var option: OptionSpec? {
    let tensors = family == .layer ? EditorVocabulary.inputCount(ofLayer: callee) - (isPiped ? 1 : 0) : 0
    return spec?.option(named: name, unnamed: unnamed - max(0, tensors))
  }

  /// What the argument takes; `nil` where a tensor may stand.
  var value: Expectation? {
    if let option { return .option(option.kind) }
    return spec == nil && family == .layer ? nil : .argument(of: spec)
  }
}
