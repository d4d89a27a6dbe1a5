import DrnDiagnostics
import DrnMethods
import DrnSource
import DrnSyntax

extension Evaluator {
  func evaluateMoment(_ unit: TimeUnit, _ value: Expression, whole: Expression, in scope: Scope) -> OptionValue? {
    guard let number = evaluateCount(value, of: unit, least: 0, in: scope) else { return nil }
    return .moment(Moment(Moment.Unit(unit), scaled(number, at: whole.span)))
  }

  func evaluateDuration(_ value: Expression, _ unit: TimeUnit, whole: Expression, in scope: Scope) -> OptionValue? {
    guard let number = evaluateCount(value, of: unit, least: 1, in: scope) else { return nil }
    return .duration(Duration(Moment.Unit(unit), scaled(number, at: whole.span)))
  }

  private func evaluateCount(_ expression: Expression, of unit: TimeUnit, least: Int, in scope: Scope) -> Int? {
    guard let value = evaluate(expression, in: scope) else { return nil }
    guard case .integer(let number) = value else {
      reportUnbound(value, needed: "a number of \(unit.rawValue)s", kind: "an integer", at: expression.span, in: scope)
      return nil
    }
    guard number >= least, number <= Self.largestTime else {
      report(
        .optionRange, "a \(least == 0 ? "moment" : "duration") goes from \(least) to \(Self.largestTime) \(unit.rawValue)s, not \(number)",
        at: expression.span, label: "this is \(number)")
      return nil
    }
    return number
  }

  /// Far beyond any run, and small enough that products with batch sizes stay within 64 bits.
  static let largestTime = 1_000_000_000_000

  /// The value under `--shorten`, recorded by its place.
  private func scaled(_ value: Int, at span: Span) -> Int {
    guard let share = tools.options.shorten else { return value }
    let new = share.scale(value)
    reporter.record(ShortenedTime(written: sources.text(span), old: value, new: new, span: span))
    return new
  }
}

extension Moment.Unit {
  init(_ unit: TimeUnit) {
    switch unit {
    case .epoch: self = .epoch
    case .step: self = .step
    }
  }
}
