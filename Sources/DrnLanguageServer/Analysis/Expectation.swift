import DrnMethods
import DrnProgram
import DrnSema

/// What may stand at a place for a value.
enum Expectation: Sendable {
  /// A call of one of these methods, or its bare word.
  case methods([MethodSpec], MethodFamily)
  case option(OptionKind)
  case type
  case selectors
  case lints
  /// A comparison such as `average(trainable_parameters) <= 0.8 * dense_cost`.
  case requirement
  case path
  /// A constant without further rule.
  case constant

  /// What a setting takes.
  static func setting(_ name: String, of owner: SettingOwner) -> Expectation {
    switch owner[name]?.kind {
    case .option(let kind), .list(let kind): .option(kind)
    case .method(let family, _), .methods(let family): .methods(family.specs, family)
    case .label: .type
    case .selectors: .selectors
    case .lints: .lints
    case .requirement: .requirement
    case nil: .constant
    }
  }

  /// What an argument takes that stands for no option of its method.
  static func argument(of method: MethodSpec?) -> Expectation {
    method?.name == EventPlan.report.name ? .methods(EditorVocabulary.measurements, .measurement) : .constant
  }

  /// What an entry with a time takes, in a clause or, without one, in `train` itself.
  static func timed(inClause clause: String?, isEvent: Bool) -> Expectation {
    if isEvent { return .methods(EditorVocabulary.events, .event) }
    guard let clause, clause != "weights", clause != "cycle" else { return .methods(EditorVocabulary.forms, .form) }
    return .setting(clause, of: .train)
  }
}

extension MethodSpec {
  /// The option an argument stands for: by its name, else by its place among the unnamed ones.
  func option(named name: String?, unnamed index: Int) -> OptionSpec? {
    if let name { return options.first { $0.name == name } }
    return index >= 0 && index < min(positional, options.count) ? options[index] : nil
  }
}
