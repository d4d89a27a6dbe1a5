import DrnMethods
import DrnProgram

extension SettingKind {
  /// The values the setting takes, in words that follow "takes".
  public var description: String {
    switch self {
    case .option(let kind): kind.description
    case .list(let kind): kind.description + ", or a list of these"
    case .method(let family, let other): (other.map { $0.description + ", or " } ?? "") + OptionKind.method(family.specs).description
    case .methods(let family): OptionKind.method(family.specs).description + ", or a list of these"
    case .label: "`class`, `class(10)`, or a shape as `tensor[1]`"
    case .selectors: "layers by name or pattern, or a list of these"
    case .lints: "a list of names of lints"
    case .requirement: "a comparison of a cost with a bound"
    }
  }
}

extension SettingSpec {
  /// Whether it has to be there, and else what holds without it.
  public var fallback: String { isRequired ? "required" : defaultValue.map { "default `\($0.text)`" } ?? "optional" }
}
