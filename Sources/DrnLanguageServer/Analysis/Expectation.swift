import DrnMethods
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
    guard owner == .train else { return dataSetting(name) }
    switch name {
    case "loss": return .methods(EditorVocabulary.losses, .loss)
    case "optimizer": return .methods(EditorVocabulary.updates, .update)
    case "rate": return .methods(EditorVocabulary.rates, .rate)
    case "state": return .option(.state)
    case "decay": return .option(.word(["factors", "product", "none"]))
    case "select": return .option(.word(Selection.allCases.map(\.rawValue)))
    case "initial": return .option(.word(["glorot", "glorot_normal", "he", "zeros"]))
    case "trainable": return .selectors
    case "statistics": return .option(.word(FrozenStatistics.allCases.map(\.rawValue)))
    case "allow", "warn", "deny": return .lints
    case "require": return .requirement
    case "length", "rewarm": return .option(.duration)
    case _: return .constant
    }
  }

  private static func dataSetting(_ name: String) -> Expectation {
    switch name {
    case "source": .methods(EditorVocabulary.sources, .source)
    case "last_batch": .option(.word(["drop", "keep"]))
    case "label": .type
    case "prepare": .methods(EditorVocabulary.preparations, .preparation)
    case "augment": .methods(EditorVocabulary.augmentations, .augmentation)
    case _: .constant
    }
  }

  /// What an argument takes that stands for no option of its method.
  static func argument(of method: MethodSpec?) -> Expectation {
    method?.name == EditorVocabulary.report.name ? .methods(EditorVocabulary.measurements, .measurement) : .constant
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
