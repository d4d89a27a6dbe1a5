import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSource

/// Holds calls and values against what methods take.
struct OptionResolver: Checking {
  let tools: Tools

  /// A call held against a method's specification: names, kinds and ranges checked, defaults filled in. `nil` when something was reported.
  func resolve(_ call: OptionCall, against spec: MethodSpec) -> Options? {
    var values: [String: LocatedOption] = [:]
    var given: [String: Span] = [:]
    var positional = spec.options.prefix(spec.positional)[...]
    var isComplete = true
    for argument in call.arguments {
      guard let option = option(for: argument, of: spec, in: call, positional: &positional) else {
        // What is misspelt, or stands without its name, is not missing too.
        let meant =
          argument.name.map { ForeignName.nearest(to: $0, in: spec.options.map(\.name)) }
          ?? openOptions(for: argument, of: spec, in: call).first { $0.isRequired && given[$0.name] == nil }?.name
        if let meant, given[meant] == nil { given[meant] = argument.nameSpan ?? argument.value.span }
        isComplete = false
        continue
      }
      let span = argument.nameSpan ?? argument.value.span
      if let earlier = given[option.name] {
        reportDuplicate(option, of: spec, at: span, earlier: earlier, in: call)
        isComplete = false
        continue
      }
      given[option.name] = span
      if let value = convert(argument.value, to: option, of: spec) { values[option.name] = value } else { isComplete = false }
    }
    if !reportMissing(spec, given: given, at: call) { isComplete = false }
    guard isComplete else { return nil }
    return fill(values, spec)
  }

  private func fill(_ values: [String: LocatedOption], _ spec: MethodSpec) -> Options {
    var result: [String: OptionValue] = [:]
    for option in spec.options { result[option.name] = values[option.name]?.value ?? option.defaultValue }
    return Options(result)
  }

  private func option(
    for argument: OptionCall.Argument, of spec: MethodSpec, in call: OptionCall, positional: inout ArraySlice<OptionSpec>
  ) -> OptionSpec? {
    guard let name = argument.name else {
      if let option = positional.popFirst() { return option }
      reportSurplus(argument, of: spec, in: call)
      return nil
    }
    if let option = spec.options.first(where: { $0.name == name }) { return option }
    let names = spec.options.map(\.name)
    let span = argument.nameSpan ?? argument.value.span
    let setting = vocabulary.updates[spec.name] == nil ? nil : ForeignName.setting(name)
    let help = setting.map { "`\($0)` is a setting of `train`, beside `optimizer`: `\($0): \(argument.value.value.text)`" }
    guard !names.isEmpty, setting == nil else {
      let others = names.isEmpty ? ": it takes none" : ""
      report(
        .unknownOption, "`\(spec.name)` has no option `\(name)`\(others)", at: span, label: "not an option of `\(spec.name)`", help: help)
      return nil
    }
    reportUnknown(.unknownOption, "`\(spec.name)` has no option `\(name)`", name, at: span, among: names)
    return nil
  }

  private func reportSurplus(_ argument: OptionCall.Argument, of spec: MethodSpec, in call: OptionCall) {
    let named = spec.options.dropFirst(spec.positional).map { "`\($0.name)`" }.joined(separator: ", ")
    let count = spec.positional == 0 ? "no unnamed argument" : counted(spec.positional, "unnamed argument")
    report(
      .surplusArgument, "`\(spec.name)` takes \(count)", at: argument.value.span, label: "one too many",
      help: named.isEmpty ? nil : "give it a name: \(named)", fixIts: naming(argument, of: spec, in: call))
  }

  private func reportDuplicate(_ option: OptionSpec, of spec: MethodSpec, at span: Span, earlier: Span, in call: OptionCall) {
    let arguments = call.arguments.map { ($0.nameSpan ?? $0.value.span).union($0.value.span) }
    let fixes = arguments.first { $0.start == span.start }.map {
      [FixIt("remove the second `\(option.name)`", edits: [edits.deletion(of: $0, among: arguments)], confidence: .unsafe)]
    }
    report(
      .duplicateOption, "`\(option.name)` of `\(spec.name)` is given twice", at: span, label: "given again",
      secondary: [Label(earlier, "first given here")], fixIts: fixes ?? [])
  }

  /// Whether every required option is there; reports the others in one message.
  private func reportMissing(_ spec: MethodSpec, given: [String: Span], at call: OptionCall) -> Bool {
    let missing = spec.options.filter { $0.isRequired && given[$0.name] == nil }
    guard !missing.isEmpty else { return true }
    let names = missing.map { "`\($0.name)`" }.joined(separator: " and ")
    report(
      .missingOption, "`\(spec.name)` needs \(names)", at: call.span, label: "without \(names)",
      notes: missing.map { "`\($0.name)`: \($0.kind.description). \($0.summary)" })
    return false
  }

  /// Resolves a value that names one of the methods: a bare word or a call. `what` says what is chosen, for the message.
  func resolveMethod<Method: Sendable>(
    _ value: LocatedOption, among table: Vocabulary.Table<Method>, spec: (Method) -> MethodSpec, what: String
  ) -> (Method, Options)? {
    guard let call = value.methodCall else {
      report(
        .optionKind, "a \(what) is needed here, but `\(value.value.text)` is \(value.value.kindDescription)", at: value.span,
        label: value.value.kindDescription, fixIts: unquoted(value, among: table.names))
      return nil
    }
    guard let method = table[call.name] else {
      reportUnknown(.unknownMethod, "there is no \(what) `\(call.name)`", call.name, at: call.nameSpan, among: table.names)
      return nil
    }
    return resolve(call, against: spec(method)).map { (method, $0) }
  }
}

extension OptionResolver {
  /// A fix for a name in quotes.
  private func unquoted(_ value: LocatedOption, among names: [String]) -> [FixIt] {
    guard case .text(let text) = value.value, let meant = names.contains(text) ? text : ForeignName.nearest(to: text, in: names) else {
      return []
    }
    return [FixIt("write `\(meant)`", edits: [.init(value.span, meant)], confidence: .unsafe)]
  }
}

extension LocatedOption {
  /// The value as a call: a bare word is a call without arguments.
  var methodCall: OptionCall? {
    switch value {
    case .word(let name): OptionCall(name: name, nameSpan: span, arguments: [], span: span)
    case .call(let call): call.name.isEmpty ? nil : call
    case .integer, .rational, .decimal, .percent, .boolean, .text, .moment, .duration, .proportion, .list, .pattern: nil
    }
  }
}
