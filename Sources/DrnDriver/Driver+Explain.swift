import DrnDiagnostics
import DrnJSON
import DrnSource

/// How `drnc explain` prints.
public enum PageFormat: String, Sendable, CaseIterable {
  /// For people at a terminal.
  case text
  /// For a web page.
  case markdown
}

extension Driver {
  /// `drnc explain CODE`.
  public func explain(_ text: String, format: PageFormat, json: Bool = false) -> ExitStatus {
    guard let page = Code.named(text)?.page else {
      let nearest = Code.nearest(to: text).map { "did you mean `\($0)`?" }
      console.report(
        [Diagnostic(.unknownCode, "there is no code `\(text)`", at: nil, help: nearest ?? "`drnc explain --list` prints them all")],
        sources: SourceMap())
      return .failure
    }
    guard !json else {
      console.output(VocabularyJSON.page(page))
      return .success
    }
    switch format {
    case .text: console.output(page.text)
    case .markdown: console.output(page.markdown)
    }
    return .success
  }

  /// `drnc explain --list`.
  public func listCodes(format: PageFormat, json: Bool = false) -> ExitStatus {
    guard !json else {
      console.output(["codes": .array(Code.all.map(VocabularyJSON.code))])
      return .success
    }
    switch format {
    case .text:
      let width = Code.all.map(\.name.count).max() ?? 0
      for code in Code.all {
        console.output("\(code.id)  \(code.severity.rawValue.padded(9))\(code.name.padded(width + 2))\(code.summary)\n")
      }
    case .markdown: console.output(errorIndex())
    }
    return .success
  }
}

extension String {
  /// Spaces added on the right up to `width`.
  func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
