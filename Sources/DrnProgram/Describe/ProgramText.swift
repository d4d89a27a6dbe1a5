import DrnMethods

/// `[3, 32, 32]`, as shapes are written.
package func shapeText(_ shape: [Int]) -> String { "[" + shape.map(String.init).joined(separator: ", ") + "]" }

/// "1 layer", "3 layers".
package func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

/// `every 2 epochs`, `at epoch 5`, as an event is written.
package func triggerText(_ trigger: EventPlan.Trigger) -> String {
  switch trigger {
  case .every(let period): "every \(period.text)"
  case .at(let moments): "at " + moments.map(\.text).joined(separator: ", ")
  case .end: "at end"
  }
}

/// What an event does and of which weights, as it is written.
package func eventText(_ event: EventPlan) -> String {
  let action = actionText(event.action)
  return event.condition.map { "\(EventPlan.when.name)(\($0.text), \(action))" } ?? action
}

/// What an event does, as it is written.
package func actionText(_ action: EventPlan.Action) -> String {
  switch action {
  case .rank(let event): event.callText
  case .values(let event): event.callText
  case .restore: "\(EventPlan.restore.name)(best)"
  case .sieve(let sieve): sieve.callText
  case .report(let measurements): "report(\(measurements.map(\.callText).joined(separator: ", ")))"
  }
}

/// A policy for the optimizer state, as it is written.
package func stateText(_ policy: StatePolicy) -> String {
  switch policy {
  case .reset: "reset"
  case .restart: "restart"
  case .carry: "carry"
  case .prune(let keep): "prune(keep: \(OptionValue(decimalOrQuotient: keep).text))"
  }
}
