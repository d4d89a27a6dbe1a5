import DrnDiagnostics
import DrnMethods
import DrnSource
import DrnSyntax

/// A layer or block where it is called.
struct StageCall {
  let callee: Name
  let arguments: [Argument]
  /// The tensor from the left of `|>`, if the call is a stage.
  let piped: Operand?
  let label: Name?
  let span: Span
}

extension NetworkElaborator {
  mutating func unfold(_ stage: Stage, label: Name?, input: Operand, in outer: Scope, names: inout NameScope) -> Operand {
    guard let scope = evaluator.enter(stage.span, in: outer) else { return .failed }
    switch stage.operation {
    case .call(let callee, let arguments):
      let call = StageCall(callee: callee, arguments: arguments, piped: input, label: label, span: stage.span)
      return unfold(call, in: scope, names: &names)
    case .group(let stages):
      var inner = NameScope(owner: takeName(label, operation: "group", at: stage.span, &names), isIndexed: true)
      return unfold(stages, input: input, in: scope, names: &inner)
    case .repetition(let count, let body):
      return unfoldRepetition(stage, count, body, label: label, input: input, in: scope, names: &names)
    case .conditional(let condition, let then, let otherwise):
      if let label { reportUselessLabel(label, on: "`if`") }
      guard let holds = evaluator.evaluateCondition(condition, in: scope) else { return .failed }
      return unfold(holds ? then : otherwise ?? [], input: input, in: scope, names: &names)
    case .missing: return .failed
    }
  }

  mutating func unfold(_ stages: [Stage], input: Operand, in scope: Scope, names: inout NameScope) -> Operand {
    var current = input
    for stage in stages { current = unfold(stage, label: stage.label, input: current, in: scope, names: &names) }
    return current
  }

  private func reportUselessLabel(_ label: Name, on what: String) {
    report(
      .unreadEntry, "the label `\(label.text)` names nothing: \(what) adds no level of names", at: label.span, label: "names nothing",
      help: "label the stages inside, or put them into a group `\(label.text): { ... }`")
  }

  /// The name of the next layer or group; an unlabelled one is numbered or called after its operation.
  mutating func takeName(_ label: Name?, operation: String, at span: Span, _ names: inout NameScope) -> LayerName {
    guard let label else { return names.isIndexed ? names.takeIndex() : names.takeName(after: operation, at: span) }
    if let earlier = names.take(label) {
      report(
        .duplicateLabel, "`\(label.text)` names two layers of one scope", at: label.span, label: "named again",
        secondary: [Label(earlier, "`\(label.text)` first names this")],
        fixIts: [FixIt("write `\(label.text)_2`", edits: [.init(label.span, "\(label.text)_2")], confidence: .unsafe)])
    }
    let name = names.owner.child(label.text)
    if unfolding.labels[name.path] == nil { unfolding.labels[name.path] = label.span }
    return name
  }

  // MARK: Repetition

  private mutating func unfoldRepetition(
    _ stage: Stage, _ count: Expression, _ body: [Stage], label: Name?, input: Operand, in scope: Scope, names: inout NameScope
  ) -> Operand {
    guard let times = evaluateRepeatCount(count, in: scope), reserveWork(times, body, at: stage.span) else { return .failed }
    if label == nil, names.isIndexed { return repeated(body, times, at: stage.span, input: input, in: scope, names: &names) }
    var inner = NameScope(owner: takeName(label, operation: "repeat", at: stage.span, &names), isIndexed: true)
    return repeated(body, times, at: stage.span, input: input, in: scope, names: &inner)
  }

  private func evaluateRepeatCount(_ count: Expression, in scope: Scope) -> Int? {
    guard let value = evaluator.evaluate(count, in: scope) else { return nil }
    guard case .integer(let times) = value else {
      evaluator.reportUnbound(value, needed: "the count of `repeat`", kind: "an integer", at: count.span, in: scope)
      return nil
    }
    guard times >= 0, times <= Unfolding.maximumWork else {
      report(
        .optionRange, "`repeat` takes a count from 0 to \(Unfolding.maximumWork), not \(times)", at: count.span, label: "this is \(times)")
      return nil
    }
    return times
  }

  /// Every iteration in turn. Where the body has labels, each iteration is a group of its own, so that they stay distinct.
  private mutating func repeated(
    _ body: [Stage], _ times: Int, at span: Span, input: Operand, in scope: Scope, names: inout NameScope
  ) -> Operand {
    let hasLabels = body.contains { $0.label != nil }
    var current = input
    for _ in 0..<times {
      guard countWork(at: span) else { return .failed }
      if hasLabels {
        var inner = NameScope(owner: names.takeIndex(), isIndexed: true)
        current = unfold(body, input: current, in: scope, names: &inner)
      } else {
        current = unfold(body, input: current, in: scope, names: &names)
      }
    }
    return current
  }

  /// Refuses a repetition that alone passes the limit, before it is unfolded.
  private mutating func reserveWork(_ times: Int, _ body: [Stage], at span: Span) -> Bool {
    let (calls, overflow) = times.multipliedReportingOverflow(by: body.count)
    guard overflow || unfolding.work + calls > Unfolding.maximumWork else { return true }
    unfolding.work = Unfolding.maximumWork
    return countWork(at: span)
  }

  /// Counts one more unfolded call, or reports once that there are too many.
  mutating func countWork(at span: Span) -> Bool {
    unfolding.work += 1
    guard unfolding.work > Unfolding.maximumWork else { return true }
    if !unfolding.isTooLarge {
      unfolding.isTooLarge = true
      report(
        .networkTooLarge, "the network unfolds into more than \(Unfolding.maximumWork) layers", at: span, label: "the limit is reached here"
      )
    }
    return false
  }
}
