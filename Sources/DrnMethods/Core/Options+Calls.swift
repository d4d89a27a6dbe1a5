import DrnNumbers

extension Options {
  /// The options of a nested call, held against one method's specification by the checker: positional arguments take the leading options'
  /// names, absent options their defaults. Arguments the specification does not know are left out.
  public init(_ call: OptionCall, spec: MethodSpec) {
    var values: [String: OptionValue] = [:]
    for option in spec.options { values[option.name] = option.defaultValue }
    var positional = spec.options.prefix(spec.positional).map(\.name)[...]
    for argument in call.arguments {
      guard let name = argument.name ?? positional.popFirst(), spec.options.contains(where: { $0.name == name }) else { continue }
      values[name] = argument.value.value
    }
    self.init(values)
  }

  /// Every option of a method at its default.
  public init(defaultsOf spec: MethodSpec) {
    var values: [String: OptionValue] = [:]
    for option in spec.options { values[option.name] = option.defaultValue }
    self.init(values)
  }

  /// The same options with some replaced.
  public func replacing(_ replacements: [String: OptionValue]) -> Options {
    Options(values.merging(replacements) { _, new in new })
  }

  /// A state policy.
  public func state(_ name: String) -> StatePolicy? { values[name].flatMap(StatePolicy.init) }
}

extension StatePolicy {
  /// Reads `reset`, `restart`, `carry` or `prune(keep: 0.1)`; `nil` when the value is none of them.
  public init?(_ value: OptionValue) {
    switch value {
    case .word("reset"): self = .reset
    case .word("restart"): self = .restart
    case .word("carry"): self = .carry
    case .call(let call): self.init(call)
    case .integer, .rational, .decimal, .percent, .boolean, .text, .word, .moment, .duration, .proportion, .list, .pattern: return nil
    }
  }

  private init?(_ call: OptionCall) {
    switch (call.name, call.arguments.first?.value.value.share, call.arguments.count) {
    case ("reset", _, 0): self = .reset
    case ("restart", _, 0): self = .restart
    case ("carry", _, 0): self = .carry
    case ("prune", let share?, 1) where share > 0 && share <= 1: self = .prune(keep: share)
    case _: return nil
    }
  }
}

extension OptionValue {
  /// The word of a bare name, also where it is written as a call without arguments.
  var name: String? {
    switch self {
    case .word(let word): word
    case .call(let call): call.name
    case .integer, .rational, .decimal, .percent, .boolean, .text, .moment, .duration, .proportion, .list, .pattern: nil
    }
  }
}
