import DrnDiagnostics
import DrnMethods
import DrnSource

extension Checker {
  /// A fix for a value of another kind, where one writing of it is near: a number without its unit, a word without quotes.
  func rewritten(_ given: LocatedOption, as kind: OptionKind) -> [FixIt] {
    let text: String
    switch (kind, given.value) {
    case (.duration, .integer(let number)) where number > 0: text = Duration(.epoch, number).text
    case (.duration, .moment(let moment)): text = Duration(moment.unit, moment.value).text
    case (.moment, .integer(let number)) where number >= 0: text = Moment(.epoch, number).text
    case (.moment, .duration(let duration)): text = Moment(duration.unit, duration.value).text
    case (.moments, .integer(let number)) where number >= 0: text = Moment(.epoch, number).text
    case (.moments, .duration(let duration)): text = Moment(duration.unit, duration.value).text
    case (.text, .word(let word)): text = quoted(word)
    case (.word(let words), .text(let word)) where words.contains(word): text = word
    case (.boolean, .integer(let number)) where number == 0 || number == 1: text = number == 1 ? "true" : "false"
    case _: return []
    }
    return [FixIt("write `\(text)`", edits: [.init(given.span, text)], confidence: .unsafe)]
  }

  /// A fix for a number outside its range: a percentage where a share is asked for, else the nearest bound.
  func moved(_ given: LocatedOption, into kind: OptionKind) -> [FixIt] {
    let range: ClosedRange<Double>
    switch kind {
    case .integer(let bounds): range = Double(bounds.lowerBound)...Double(bounds.upperBound)
    case .number(let bounds), .numbers(let bounds): range = bounds
    case _: return []
    }
    guard let number = given.value.number else { return [] }
    let isShare = range.upperBound == 1 && number > 1 && number <= 100
    let bound = number < range.lowerBound ? range.lowerBound : range.upperBound
    guard isShare || abs(bound) < 1e9 && bound != 0 else { return [] }
    let text = isShare ? formatted(number) + "%" : formatted(bound)
    return [FixIt("write `\(text)`", edits: [.init(given.span, text)], confidence: .unsafe)]
  }
}
