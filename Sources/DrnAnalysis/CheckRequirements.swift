import DrnDiagnostics
import DrnNumbers
import DrnProgram

/// One diagnostic per `require` that the costs do not meet, naming the phases that break it.
public func checkRequirements(_ program: CheckedProgram, _ report: CostReport) -> [Diagnostic] {
  program.requirements.compactMap { requirement in
    let value = report.value(requirement.quantity, requirement.aggregate)
    let dense = report.denseValue(requirement.quantity, requirement.aggregate)
    let limit = requirement.limit.number * (requirement.isRelativeToDense ? dense : 1)
    let unit = ExactCost(numerator: 1, denominator: 1)
    let reference = requirement.isRelativeToDense ? report.exactDenseValue(requirement.quantity, requirement.aggregate) : unit
    let exact = report.exactValue(requirement.quantity, requirement.aggregate)
    guard !requirement.holds(exact, value, relativeTo: reference, limit) else { return nil }
    let name = "\(requirement.aggregate.rawValue)(\(requirement.quantity.rawValue))"
    let measured =
      CostReport.decimal(value, 0) + (requirement.isRelativeToDense ? " (\(CostReport.decimal(value / max(1, dense), 3)) of dense)" : "")
    let allowed =
      CostReport.decimal(limit, 0) + (requirement.isRelativeToDense ? " (\(CostReport.decimal(requirement.limit.number, 3)) of dense)" : "")
    let notes = report.phases.enumerated().compactMap { index, phase -> String? in
      let own = phase.value(of: requirement.quantity)
      let count = ExactCost(numerator: Int128(phase.count(of: requirement.quantity)), denominator: 1)
      guard !requirement.holds(count, own, relativeTo: reference, limit) else { return nil }
      let time = program.phases[index].isAtEnd ? "at the end" : "for \(CostReport.decimal(report.shares[index] * 100, 1)) % of the run"
      return "phase \(index) has \(CostReport.decimal(own, 0)), \(time)"
    }
    return Diagnostic(
      .requirementFails, "\(name) is \(measured), but `require` allows \(allowed)", at: requirement.span, label: "not met", notes: notes,
      help: "lower the ranks, shorten the phases named, or raise the limit")
  }
}

extension Requirement {
  /// Whether a cost stands in this relation to the limit, decided exactly; by the nearest numbers where the products exceed 128 bits.
  fileprivate func holds(_ exact: ExactCost, _ value: Double, relativeTo reference: ExactCost, _ nearest: Double) -> Bool {
    let order = exact.order(to: limit, times: reference) ?? (value < nearest ? -1 : value == nearest ? 0 : 1)
    switch comparison {
    case .lessOrEqual: return order <= 0
    case .less: return order < 0
    case .greaterOrEqual: return order >= 0
    case .greater: return order > 0
    }
  }
}
