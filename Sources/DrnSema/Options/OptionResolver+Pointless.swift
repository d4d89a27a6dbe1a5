import DrnDiagnostics
import DrnMethods
import DrnSource

/// Options that leave nothing of what they are for.
extension OptionResolver {
  /// `value` is the call that has the options, or what stands for it.
  func lintPointless(_ found: [PointlessOption], in value: LocatedOption, of spec: MethodSpec) {
    for pointless in found {
      let written = writtenOption(pointless.option, in: value, spec)
      report(
        .pointlessValue, "`\(pointless.option)` \(pointless.outcome)", at: written?.value.span ?? value.span, label: "does nothing",
        help: "leave it out, or give it another value", fixIts: written.map { leavingOut($0, .unsafe) } ?? [])
    }
  }

  /// An argument as it is written.
  struct WrittenOption {
    let value: LocatedOption
    /// The name with the value.
    let span: Span
    let call: OptionCall
    /// Whether the method can do without it.
    let isOptional: Bool
  }

  /// The argument for an option in a call, or in one nested in it.
  func writtenOption(_ name: String, in value: LocatedOption, _ spec: MethodSpec?) -> WrittenOption? {
    guard case .call(let call) = value.value else { return nil }
    var unnamed = spec?.options.prefix(spec?.positional ?? 0).map(\.name)[...] ?? []
    for argument in call.arguments where argument.name ?? unnamed.popFirst() == name {
      return WrittenOption(
        value: argument.value, span: span(of: argument), call: call,
        isOptional: !(spec?.options.contains { $0.name == name && $0.isRequired } ?? false))
    }
    return call.arguments.lazy.compactMap { writtenOption(name, in: $0.value, nil) }.first
  }

  private func span(of argument: OptionCall.Argument) -> Span { (argument.nameSpan ?? argument.value.span).union(argument.value.span) }

  func leavingOut(_ option: WrittenOption, _ confidence: Confidence) -> [FixIt] {
    guard option.isOptional else { return [] }
    let spans = option.call.arguments.map { span(of: $0) }
    let edit = spans.count == 1 ? FixIt.Edit(option.call.span, option.call.name) : edits.deletion(of: option.span, among: spans)
    return [FixIt("leave it out", edits: [edit], confidence: confidence)]
  }
}
