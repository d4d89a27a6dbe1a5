import DrnDiagnostics
import DrnMethods
import DrnNumbers
import DrnProgram
import DrnSource
import DrnSyntax

/// Reads the condition of `when(stable_rank < 20, trim(...))`.
struct ConditionReader: Checking {
  let tools: Tools

  /// The condition and the event that it is for; `nil` where something was reported.
  func read(_ arguments: [Argument], at span: Span) -> (condition: MeasuredCondition, then: Expression)? {
    guard arguments.count == 2, arguments.allSatisfy({ $0.name == nil }) else {
      report(
        .missingOption, "`when` takes a comparison and an event", at: span, label: "not these two",
        help: "for instance `when(stable_rank < 20, trim(below: 0.1, state: carry))`")
      return nil
    }
    return readCondition(arguments[0].value).map { ($0, arguments[1].value) }
  }

  private func readCondition(_ expression: Expression) -> MeasuredCondition? {
    guard case .binary(let symbol, let left, let right, _) = expression.kind, case .name(let name) = left.kind,
      let comparison = Requirement.Comparison(rawValue: symbol.rawValue)
    else {
      report(
        .optionKind, "`when` compares a measurement with a number", at: expression.span, label: "not such a comparison",
        help: "for instance `stable_rank < 20`")
      return nil
    }
    guard let (measurement, figure) = readMeasurement(name, left.span), let value = evaluator.evaluate(right) else { return nil }
    guard let limit = value.share else {
      report(.optionKind, "`\(name)` is compared with a number, not with `\(value.text)`", at: right.span, label: "no number")
      return nil
    }
    return MeasuredCondition(measurement: measurement, figure: figure, comparison: comparison, limit: limit)
  }

  /// The measurement with a figure of that name that is one number.
  private func readMeasurement(_ name: String, _ span: Span) -> (measurement: any WeightMeasurement, figure: String)? {
    let probe = MeasuredWeight(shape: WeightShape(inputs: 1, outputs: 1), singularValues: [1])
    var names: [String] = []
    for word in vocabulary.measurements.names {
      guard let type = vocabulary.measurements[word] else { continue }
      let measurement = type.init(options: Options(defaultsOf: type.spec))
      for figure in measurement.figures(probe) {
        guard case .number = figure.value else { continue }
        if figure.name == name { return (measurement, name) }
        names.append(figure.name)
      }
    }
    reportUnknown(.unknownMethod, "there is no measurement `\(name)` of one number", name, at: span, among: names)
    return nil
  }
}
