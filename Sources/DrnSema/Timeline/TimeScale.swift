import DrnDiagnostics
import DrnMethods
import DrnSource

/// The time of one run: its end, and the length of an epoch where it is known.
struct TimeScale {
  let stepsPerEpoch: Int?
  let length: Duration
  /// Where the length is stated.
  let lengthSpan: Span?

  var end: Moment { Moment(length.unit, length.value) }
  /// Where the training ends, for messages.
  var lengthLabel: [Label] { lengthSpan.map { [Label($0, "training ends after \(length.text)")] } ?? [] }

  /// A negative number when `left` comes first, 0 when both are the same moment, a positive number otherwise; `nil` when epochs and steps
  /// cannot be compared.
  func order(_ left: Moment, _ right: Moment) -> Int? {
    if left.unit == right.unit { return left.value - right.value }
    guard let first = left.step(stepsPerEpoch: stepsPerEpoch), let second = right.step(stepsPerEpoch: stepsPerEpoch) else { return nil }
    return first < second ? -1 : first == second ? 0 : 1
  }

  /// How far two moments are apart, where that is so little that one was probably meant for the other: one epoch, or in steps at most a
  /// tenth of an epoch. `nil` where they are equal, further apart, or cannot be compared.
  func nearMiss(_ left: Moment, _ right: Moment) -> String? {
    if left.unit == .epoch, right.unit == .epoch { return abs(left.value - right.value) == 1 ? "one epoch" : nil }
    guard let first = left.step(stepsPerEpoch: stepsPerEpoch), let second = right.step(stepsPerEpoch: stepsPerEpoch) else { return nil }
    let gap = abs(first - second)
    guard gap > 0, gap <= max(1, (stepsPerEpoch ?? 1) / 10) else { return nil }
    return gap == 1 ? "one step" : "\(gap) steps"
  }

  /// The moment a duration after another; in steps when the units differ. `nil` when that needs an epoch's length that is unknown.
  func after(_ moment: Moment, _ duration: Duration) -> Moment? {
    if moment.value == 0 || moment.unit == duration.unit {
      let (sum, overflow) = moment.value.addingReportingOverflow(duration.value)
      return overflow ? nil : Moment(duration.unit, sum)
    }
    guard let start = moment.step(stepsPerEpoch: stepsPerEpoch), let length = duration.steps(stepsPerEpoch: stepsPerEpoch) else {
      return nil
    }
    let (sum, overflow) = start.addingReportingOverflow(length)
    return overflow ? nil : Moment(.step, sum)
  }
}
