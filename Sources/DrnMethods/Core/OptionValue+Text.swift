import DrnNumbers

extension OptionValue {
  /// The value as drnc writes it: canonical, so that equal values have equal texts.
  public var text: String {
    switch self {
    case .integer(let value): String(value)
    case .rational(let numerator, let denominator): "\(numerator)/\(denominator)"
    case .decimal(let value): formatted(value)
    // 14% is 0.14, and 0.14 * 100 is 14 only exactly.
    case .percent(let value): formatted(Rational(decimal: value)?.multiplied(by: Rational(100))?.number ?? value * 100) + "%"
    case .boolean(let value): value ? "true" : "false"
    case .text(let value): quoted(value)
    case .word(let value), .pattern(let value): value
    case .moment(let moment): moment.text
    case .duration(let duration): duration.text
    case .proportion(let share, let word): "\(share.text) of \(word)"
    case .list(let items): "[" + items.map(\.value.text).joined(separator: ", ") + "]"
    case .call(let call): call.text
    }
  }
}

extension OptionCall {
  /// The call as drnc writes it, arguments in their order.
  public var text: String {
    guard !arguments.isEmpty || name.isEmpty else { return name }
    let written = arguments.map { argument in (argument.name.map { "\($0): " } ?? "") + argument.value.value.text }
    return "\(name)(" + written.joined(separator: ", ") + ")"
  }
}

extension Moment {
  /// `epoch 55`.
  public var text: String { "\(unit.rawValue) \(value)" }
}

extension Duration {
  /// `20 epochs`, `1 step`.
  public var text: String { "\(value) \(unit.rawValue)\(value == 1 ? "" : "s")" }
}

/// A number in its shortest exact form, integers without a point.
package func formatted(_ value: Double) -> String {
  value.isFinite && value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
}

/// A text between quotes with escapes, as it would be written.
package func quoted(_ text: String) -> String {
  var result = "\""
  for character in text {
    switch character {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\t": result += "\\t"
    case _: result.append(character)
    }
  }
  return result + "\""
}
