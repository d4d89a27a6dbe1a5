import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource
import DrnSyntax

/// Puts one value of `--set` into declarations: trees in, trees out.
struct OverrideRewriter {
  let path: OverridePath
  /// `nil` takes out what the path leads to.
  let value: Expression?
  let vocabulary: Vocabulary
  let blocks: [String: BlockItem]
  /// Why the path leads nowhere in what was given last.
  private(set) var fault: String?

  init(path: OverridePath, value: Expression?, vocabulary: Vocabulary, blocks: [String: BlockItem]) {
    (self.path, self.value, self.vocabulary, self.blocks) = (path, value, vocabulary, blocks)
  }

  /// The entries of a `train` or `data` declaration.
  mutating func entries(_ entries: [Entry]) -> [Entry] {
    let (first, rest) = (path.segments[0], path.segments.dropFirst())
    let known = path.owner == "train" ? TrainingSettings.Table.names + ["weights"] : DataSettings.Table.names
    guard known.contains(first.name), first.brackets.isEmpty || first.name == "weights" else {
      fault = Suggestion.nearest(to: first.name, in: known).map { "the nearest name is `\(path.owner).\($0)`" } ?? "no such setting"
      return entries
    }
    if first.name == "weights" { return replacing(clausesOf: first, rest, in: entries) }
    guard let option = rest.first else {
      let kept = entries.filter { $0.name != first.name }
      return value.map { value in
        kept + [.setting(SettingEntry(name: Name(first.name, value.span), value: value, by: nil, span: value.span))]
      } ?? kept
    }
    var isFound = false
    let result = entries.map { entry -> Entry in
      guard entry.name == first.name else { return entry }
      switch entry {
      case .setting(let setting):
        guard let new = replacing(option, rest.dropFirst(), in: setting.value) else { return entry }
        isFound = true
        return .setting(SettingEntry(name: setting.name, value: new, by: setting.by, span: setting.span))
      case .clause(let clause):
        return .clause(
          clause.mapTimed { timed in
            guard let new = replacing(option, rest.dropFirst(), in: timed.value) else { return timed }
            isFound = true
            return timed.with(value: new)
          })
      case .timed: return entry
      }
    }
    if !isFound { fault = "`\(first.name)` has no call that takes `\(option.name)`" }
    return result
  }

  /// The clauses of a selector: `weights[fc2]`, of these one entry: `weights[fc2][1]`.
  private mutating func replacing(
    clausesOf segment: OverridePath.Segment, _ rest: ArraySlice<OverridePath.Segment>, in entries: [Entry]
  ) -> [Entry] {
    let clauses = entries.compactMap { entry -> ClauseEntry? in
      if case .clause(let clause) = entry, clause.name.text == "weights" { clause } else { nil }
    }
    guard let selector = segment.brackets.first, clauses.contains(where: { $0.selectors.map(\.text).contains(selector) }) else {
      let selectors = clauses.flatMap { $0.selectors.map(\.text) }
      fault =
        selectors.isEmpty
        ? "there is no `weights` clause"
        : "a clause is named by one of its selectors: " + selectors.map { "`weights[\($0)]`" }.joined(separator: ", ")
      return entries
    }
    let number = segment.brackets.dropFirst().first
    guard segment.brackets.count <= 2, number == nil || number.flatMap({ Int($0) }) != nil, let option = rest.first else {
      fault = "what is set in the clause is missing: `weights[\(selector)].rank`"
      return entries
    }
    var isFound = false
    let result = entries.map { entry -> Entry in
      guard case .clause(let clause) = entry, clause.name.text == "weights", clause.selectors.map(\.text).contains(selector) else {
        return entry
      }
      var place = -1
      return .clause(
        clause.mapTimed { timed in
          place += 1
          guard number == nil || number == String(place) else { return timed }
          if option.name == "from", rest.count == 1, let value, case .from = timed.when, number != nil {
            isFound = true
            return timed.with(start: value)
          }
          let (form, by) = (
            replacing(option, rest.dropFirst(), in: timed.value),
            timed.by.flatMap { replacing(option, rest.dropFirst(), in: $0) }
          )
          guard form != nil || by != nil else { return timed }
          isFound = true
          return timed.with(value: form ?? timed.value, by: by ?? timed.by)
        })
    }
    if !isFound {
      fault =
        option.name == "from"
        ? "a time is set in one entry, counted from 0: `weights[\(selector)][1].from`"
        : "no entry of `weights \(selector)` takes `\(option.name)`"
    }
    return result
  }

  // MARK: Calls

  /// A call with one of its options replaced or added; `nil` where it takes no such option. `momentum`, or `sgd.momentum` for calls of that
  /// name alone, or `update.momentum` for the call that is the option `update`.
  fileprivate func replacing(
    _ option: OverridePath.Segment, _ rest: ArraySlice<OverridePath.Segment>, in call: Expression
  ) -> Expression? {
    let (callee, arguments): (Name, [Argument])
    switch call.kind {
    case .call(let name, let given): (callee, arguments) = (name, given)
    case .name(let text): (callee, arguments) = (Name(text, call.span), [])
    case .integer, .decimal, .percent, .string, .boolean, .moment, .duration, .list, .record, .index, .member, .pattern, .unary, .binary,
      .conditional, .pipeline, .parenthesized, .missing:
      return nil
    }
    if let next = rest.first, option.name == callee.text { return replacing(next, rest.dropFirst(), in: call) }
    guard let new = replacing(option.name, rest, in: arguments, of: specification(callee.text)) else { return nil }
    return Expression(.call(callee: callee, arguments: new), call.span)
  }

  func replacing(
    _ option: String, _ rest: ArraySlice<OverridePath.Segment>, in arguments: [Argument], of spec: MethodSpec?
  ) -> [Argument]? {
    var unnamed = spec?.options.prefix(spec?.positional ?? 0).map(\.name)[...] ?? []
    let place = arguments.firstIndex { ($0.name?.text ?? unnamed.popFirst()) == option }
    if let next = rest.first {
      guard let place, let inner = replacing(next, rest.dropFirst(), in: arguments[place].value) else { return nil }
      return replacing(place, by: inner, in: arguments)
    }
    if let place {
      guard let value else { return arguments.enumerated().filter { $0.offset != place }.map(\.element) }
      return replacing(place, by: value, in: arguments)
    }
    // A method that is in no table may take any option that is not written there.
    guard spec?.options.contains(where: { $0.name == option }) ?? true, let value else { return nil }
    return arguments + [Argument(name: Name(option, value.span), value: value, span: value.span)]
  }

  private func replacing(_ place: Int, by value: Expression, in arguments: [Argument]) -> [Argument] {
    var result = arguments
    result[place] = Argument(name: arguments[place].name, value: value, span: arguments[place].span)
    return result
  }

  private func specification(_ name: String) -> MethodSpec? {
    vocabulary.forms[name]?.spec ?? vocabulary.updates[name]?.spec ?? vocabulary.rates[name]?.spec ?? vocabulary.losses[name]?.spec
      ?? vocabulary.events[name]?.spec ?? vocabulary.layers[name]?.spec ?? vocabulary.transitions[name]?.spec
      ?? (name == "dense" ? MethodSpec("dense", summary: "") : nil)
  }

  // MARK: Networks

  /// `mlp.fc1.outputs`: the option of the layer of that label; of groups in order, `mlp.stage.conv1.outputs`.
  mutating func network(_ network: NetworkItem) -> NetworkItem {
    guard path.segments.count > 1, path.segments.allSatisfy(\.brackets.isEmpty) else {
      fault = "a layer's option is `\(path.owner).layer.option`"
      return network
    }
    let labels = path.segments.dropLast().map(\.name)[...]
    let option = path.segments[path.segments.count - 1].name
    var count = 0
    let body = network.body.map { statement -> Statement in
      switch statement {
      case .binding(let name, let expression, let span):
        // A name that is bound to a call is its layer's.
        if labels == [name.text], case .call(let callee, let arguments) = expression.kind,
          let new = replacing(option, in: arguments, ofLayer: callee.text, hasInput: true)
        {
          count += 1
          return .binding(name: name, value: Expression(.call(callee: callee, arguments: new), expression.span), span: span)
        }
        return .binding(name: name, value: replacing(labels, option, in: expression, &count), span: span)
      case .result(let expression, let span): return .result(value: replacing(labels, option, in: expression, &count), span: span)
      }
    }
    if count == 0 { fault = "`\(path.owner)` has no layer `\(labels.joined(separator: "."))` that takes `\(option)`" }
    return NetworkItem(name: network.name, parameters: network.parameters, result: network.result, body: body, span: network.span)
  }

  private func replacing(
    _ labels: ArraySlice<String>, _ option: String, in expression: Expression, _ count: inout Int
  ) -> Expression {
    guard case .pipeline(let input, let stages) = expression.kind else { return expression }
    let new = stages.map { replacing(labels, option, in: $0, &count) }
    return Expression(.pipeline(input: input, stages: new), expression.span)
  }

  private func replacing(
    _ labels: ArraySlice<String>, _ option: String, in stage: Stage, _ count: inout Int
  ) -> Stage {
    let isNamed = labels.first.map { $0 == stage.label?.text } ?? false
    let inner = isNamed ? labels.dropFirst() : labels
    let operation: Stage.Operation
    switch stage.operation {
    case .call(let callee, let arguments):
      guard isNamed, inner.isEmpty, let new = replacing(option, in: arguments, ofLayer: callee.text, hasInput: false) else {
        return stage
      }
      count += 1
      operation = .call(callee: callee, arguments: new)
    case .group(let stages): operation = .group(stages.map { replacing(inner, option, in: $0, &count) })
    case .repetition(let times, let body):
      operation = .repetition(count: times, body: body.map { replacing(inner, option, in: $0, &count) })
    case .conditional(let condition, let then, let otherwise):
      operation = .conditional(
        condition: condition, then: then.map { replacing(inner, option, in: $0, &count) },
        otherwise: otherwise.map { $0.map { replacing(inner, option, in: $0, &count) } })
    case .missing: return stage
    }
    return Stage(label: stage.label, operation: operation, span: stage.span)
  }

  /// The options of a block are its parameters; `hasInput` tells that the first arguments are the tensors.
  private func replacing(
    _ option: String, in arguments: [Argument], ofLayer name: String, hasInput: Bool
  ) -> [Argument]? {
    let spec: MethodSpec
    if let block = blocks[name] {
      let options = block.parameters.filter { !$0.isTensor }.map { OptionSpec($0.name.text, .text, "") }
      spec = MethodSpec(name, summary: "", options: options, positional: options.count)
    } else if let layer = vocabulary.layers[name] {
      spec = layer.spec
    } else {
      return nil
    }
    let inputs = hasInput ? arguments.prefix { $0.name == nil }.prefix(1) : []
    return replacing(option, [], in: Array(arguments.dropFirst(inputs.count)), of: spec).map { Array(inputs) + $0 }
  }
}

extension Entry {
  fileprivate var name: String? {
    switch self {
    case .setting(let setting): setting.name.text
    case .clause(let clause): clause.name.text
    case .timed: nil
    }
  }
}

extension ClauseEntry {
  /// The clause with each entry that has a time replaced, those of its cycles among them.
  fileprivate func mapTimed(_ replace: (TimedEntry) -> TimedEntry) -> ClauseEntry {
    let new = entries.map { entry -> Entry in
      switch entry {
      case .timed(let timed): .timed(replace(timed))
      case .clause(let clause): .clause(clause.mapTimed(replace))
      case .setting: entry
      }
    }
    return ClauseEntry(
      name: name, arguments: arguments, selectors: selectors, exceptions: exceptions, entries: new, headerSpan: headerSpan, span: span)
  }
}

extension TimedEntry {
  fileprivate func with(value: Expression, by: Expression? = nil) -> TimedEntry {
    TimedEntry(when: when, whenSpan: whenSpan, value: value, by: by ?? self.by, span: span)
  }
  fileprivate func with(start: Expression) -> TimedEntry {
    TimedEntry(when: .from(start), whenSpan: whenSpan, value: value, by: by, span: span)
  }
}

extension Parameter {
  fileprivate var isTensor: Bool {
    switch type.kind {
    case .name(let word): word == "tensor"
    case .index: true
    case .integer, .decimal, .percent, .string, .boolean, .moment, .duration, .list, .record, .call, .member, .pattern, .unary, .binary,
      .conditional, .pipeline, .parenthesized, .missing:
      false
    }
  }
}
