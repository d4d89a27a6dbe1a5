import DrnMethods

extension OptionValue {
  /// What kind of value it is, in words that follow "is".
  var kindDescription: String {
    switch self {
    case .integer: "an integer"
    case .rational: "a quotient"
    case .decimal: "a decimal number"
    case .percent: "a percentage"
    case .boolean: "a truth value"
    case .text: "a text"
    case .word: "a word"
    case .moment: "a moment"
    case .duration: "a duration"
    case .proportion: "a proportion"
    case .list: "a list"
    case .call(let call): call.name.isEmpty ? "a record" : "a call"
    case .pattern: "a selector"
    }
  }
}
