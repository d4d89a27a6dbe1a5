import DrnDiagnostics
import DrnSema

/// One diagnostic per `require` that the costs do not meet, naming the phases that break it.
public func checkRequirements(_ program: CheckedProgram, _ report: CostReport) -> [Diagnostic] {
  program.requirements.compactMap { requirement in
    let value = report.value(requirement.quantity, requirement.aggregate)
    let dense = report.denseValue(requirement.quantity, requirement.aggregate)
    let limit = requirement.isRelativeToDense ? requirement.limit * dense : requirement.limit
    guard !requirement.comparison.holds(value, limit) else { return nil }
    let name = "\(requirement.aggregate.rawValue)(\(requirement.quantity.rawValue))"
    let measured =
      CostReport.decimal(value, 0) + (requirement.isRelativeToDense ? " (\(CostReport.decimal(value / max(1, dense), 3)) of dense)" : "")
    let allowed =
      CostReport.decimal(limit, 0) + (requirement.isRelativeToDense ? " (\(CostReport.decimal(requirement.limit, 3)) of dense)" : "")
    let notes = report.phases.enumerated().compactMap { index, phase -> String? in
      let own = phase.value(of: requirement.quantity)
      guard !requirement.comparison.holds(own, limit) else { return nil }
      return "phase \(index) has \(CostReport.decimal(own, 0)), for \(CostReport.decimal(report.shares[index] * 100, 1)) % of the run"
    }
    return Diagnostic(
      .requirementFails, "\(name) is \(measured), but `require` allows \(allowed)", at: requirement.span, label: "not met", notes: notes,
      help: "lower the ranks, shorten the phases named, or raise the limit")
  }
}

extension Requirement.Comparison {
  /// Whether `value` stands in this relation to `limit`.
  func holds(_ value: Double, _ limit: Double) -> Bool {
    switch self {
    case .lessOrEqual: value <= limit
    case .less: value < limit
    case .greaterOrEqual: value >= limit
    case .greater: value > limit
    }
  }
}
