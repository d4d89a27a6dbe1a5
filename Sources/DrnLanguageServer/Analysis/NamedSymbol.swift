import DrnMethods
import DrnProgram
import DrnSema
import DrnSource

/// Something with a name of the author's choice, identified by where it is declared.
struct NamedSymbol: Hashable, Sendable {
  enum Kind: String, Hashable, Sendable {
    case block, network
    case data = "data set"
    case parameter, binding
    /// A layer or group named by a label.
    case label
  }
  let kind: Kind
  let name: String
  /// The name where it is declared.
  let span: Span
}

/// What a word of a program stands for.
enum Meaning: Sendable {
  case symbol(NamedSymbol)
  /// A word of a selector: the labels it stands for.
  case selector([NamedSymbol])
  case method(MethodSpec, MethodFamily)
  case option(OptionSpec, method: String)
  case setting(String, SettingOwner)
  case clause(String)
  case type(String)
  /// A word with a meaning where it stands: `carry`, `outputs`, `end`.
  case word(String)
  case lint(String)
  /// The path of an import.
  case file(String)
}

/// The bodies that hold settings.
enum SettingOwner: String, Sendable {
  case data, train
  /// A clause of `train`.
  case weights

  var settings: [SettingSpec] {
    switch self {
    case .data: EditorVocabulary.dataSettings
    case .train: EditorVocabulary.trainSettings
    case .weights: EditorVocabulary.weightSettings
    }
  }

  /// A setting by its name; `nil` for a name of the author's choice.
  subscript(name: String) -> SettingSpec? { settings.first { $0.name == name } }
}

/// A word with a meaning, and where it is.
struct Occurrence: Sendable {
  let span: Span
  let meaning: Meaning
  var isDefinition = false

  /// The symbols the word refers to or declares.
  var symbols: [NamedSymbol] {
    switch meaning {
    case .symbol(let symbol): [symbol]
    case .selector(let symbols): symbols
    case .method, .option, .setting, .clause, .type, .word, .lint, .file: []
    }
  }
}
