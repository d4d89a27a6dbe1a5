import DrnDiagnostics
import DrnSource
import DrnSyntax

extension Checker {
  /// Lints about what is declared and never used.
  mutating func lintUnused() {
    // What a misspelt name was to mean, and what a body without a result computes, only look unused.
    let misleading: Set<Code> = [.unknownName, .unknownDeclaration, .missingReturn]
    guard !bag.diagnostics.contains(where: { misleading.contains($0.code) }) else { return }
    for name in declaredBindings where !usedBindings.contains(name.span) {
      report(
        .unusedBinding, "`\(name.text)` is never used", at: name.span, label: "never used", help: "remove it, or use it in what is returned"
      )
    }
    guard !trainings.isEmpty else { return }
    for name in blockNames where !used.contains(name) { reportUnusedDeclaration(blocks[name]?.name, blocks[name]?.span, "block") }
    for name in networkNames where !used.contains(name) { reportUnusedDeclaration(networks[name]?.name, networks[name]?.span, "network") }
    for name in dataNames where !used.contains(name) { reportUnusedDeclaration(dataSets[name]?.name, dataSets[name]?.span, "data set") }
  }

  private mutating func reportUnusedDeclaration(_ name: Name?, _ span: Span?, _ kind: String) {
    guard let name, let span, name.span.file == file else { return }
    report(
      .unusedDeclaration, "the \(kind) `\(name.text)` is never used", at: name.span, label: "never used",
      fixIts: [removing("the \(kind) `\(name.text)`", span, .unsafe)])
  }
}
