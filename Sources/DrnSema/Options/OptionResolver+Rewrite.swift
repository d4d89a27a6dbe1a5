import DrnDiagnostics
import DrnMethods
import DrnSource

extension OptionResolver {
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
    case (.text, .word(let word)), (.columns, .word(let word)): text = quoted(word)
    case (.word(let words), .text(let word)) where words.contains(word): text = word
    case (.boolean, .integer(let number)) where number == 0 || number == 1: text = number == 1 ? "true" : "false"
    case _: return []
    }
    return [FixIt("write `\(text)`", edits: [.init(given.span, text)], confidence: .unsafe)]
  }

  /// Fixes that give an unnamed argument the name of an option not given yet that takes such a value; without one, that take it out.
  func naming(_ argument: OptionCall.Argument, of spec: MethodSpec, in call: OptionCall) -> [FixIt] {
    let open = openOptions(for: argument, of: spec, in: call)
    guard open.isEmpty else {
      return open.map { option in
        FixIt(
          "write `\(option.name): `", edits: [edits.insertion("\(option.name): ", beforeText: argument.value.span)], confidence: .unsafe)
      }
    }
    let spans = call.arguments.map { ($0.nameSpan ?? $0.value.span).union($0.value.span) }
    return [FixIt("leave it out", edits: [edits.deletion(of: argument.value.span, among: spans)], confidence: .unsafe)]
  }

  /// The options an unnamed argument too many may have been meant for: those not given yet that take such a value, required ones first.
  func openOptions(for argument: OptionCall.Argument, of spec: MethodSpec, in call: OptionCall) -> [OptionSpec] {
    let given = Set(call.arguments.compactMap(\.name))
    let open = spec.options.dropFirst(spec.positional).filter { !given.contains($0.name) && $0.kind.mayTake(argument.value.value) }
    return open.filter(\.isRequired) + open.filter { !$0.isRequired }
  }

  /// A fix for a number outside its range: a percentage where a share is asked for, else the nearest bound.
  func moved(_ given: LocatedOption, into kind: OptionKind) -> [FixIt] {
    let range: ClosedRange<Double>
    switch kind {
    case .integer(let bounds): range = Double(bounds.lowerBound)...Double(bounds.upperBound)
    case .number(let bounds), .numbers(let bounds): range = bounds
    case .boolean, .extents, .text, .word, .rank, .moment, .moments, .duration, .words, .columns, .state, .method: return []
    }
    guard let number = given.value.number else { return [] }
    let isShare = 0.9...1 ~= range.upperBound && number >= 2 && range.contains(number / 100)
    let bound = number < range.lowerBound ? range.lowerBound : range.upperBound
    // The bounds of some ranges only keep numbers representable: nobody means one of those.
    guard isShare || (1e-9...1e9).contains(abs(bound)) else { return [] }
    // Nor, with a count, the share just below the whole.
    guard isShare || bound >= 1 || number < 2 else { return [] }
    let text = isShare ? formatted(number) + "%" : formatted(bound)
    return [FixIt("write `\(text)`", edits: [.init(given.span, text)], confidence: .unsafe)]
  }
}

extension OptionKind {
  /// Whether a value is of the kind, as far as numbers and words tell.
  fileprivate func mayTake(_ value: OptionValue) -> Bool {
    switch (self, value) {
    case (.integer(let range), .integer(let number)), (.extents(let range, _), .integer(let number)): range.contains(number)
    case (.extents(_, let words), .word(let word)): words.contains(word)
    case (.extents, .list(let items)), (.numbers, .list(let items)), (.moments, .list(let items)): !items.isEmpty
    case (.number(let range), _): value.number.map(range.contains) ?? false
    case (.word(let words), .word(let word)): words.contains(word)
    case (.boolean, .boolean), (.text, .text), (.columns, .text), (.duration, .duration), (.moment, .moment): true
    case _: false
    }
  }
}
