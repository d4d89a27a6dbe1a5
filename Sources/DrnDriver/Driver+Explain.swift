import DrnDiagnostics
import DrnSource

extension Driver {
  /// `drnc explain CODE`.
  public func explain(_ text: String) -> ExitStatus {
    let wanted = text.uppercased()
    let code = Code.all.first { $0.id == wanted || String($0.number) == text || $0.name == text }
    guard let code else {
      let names = Code.all.flatMap { [$0.id, $0.name] }
      let nearest = Suggestion.nearest(to: wanted, in: names) ?? Suggestion.nearest(to: text, in: names)
      console.report(
        [
          Diagnostic(
            .unknownCode, "there is no code `\(text)`", at: nil,
            help: nearest.map { "did you mean `\($0)`?" } ?? "`drnc explain --list` prints them all")
        ],
        sources: SourceMap())
      return .failure
    }
    console.output(Self.page(code))
    return .success
  }

  /// `drnc explain --list`.
  public func listCodes() -> ExitStatus {
    for code in Code.all { console.output("\(code.id)  \(code.severity.rawValue.padded(8))\(code.name.padded(34))\(code.summary)\n") }
    return .success
  }

  static func page(_ code: Code) -> String {
    var text = "\(code.id) \(code.name) (\(code.severity.rawValue))\n\n\(code.summary)\n"
    guard let page = Page.of(code) else { return text }
    text += "\n\(page.meaning)\n"
    if !page.failingExample.isEmpty { text += "\nThis is reported:\n\n\(indented(page.failingExample))\n" }
    if !page.correctedExample.isEmpty { text += "\nThis is not:\n\n\(indented(page.correctedExample))\n" }
    return text + "\n\(page.why)\n"
  }

  private static func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "    " + $0 }.joined(separator: "\n")
  }
}

extension String {
  /// Spaces added on the right up to `width`.
  func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
