import DrnDiagnostics
import DrnSource
import DrnSyntax

extension Checker {
  /// Lints about what is declared and never used.
  func lintUnused() {
    let found = reporter.findings
    guard !found.entries.contains(where: { $0.diagnostic.code.traits.contains(.hidesUses) }) else { return }
    let uses = found.uses
    for name in uses.declaredBindings where !uses.bindings.contains(name.span) {
      report(
        .unusedBinding, "`\(name.text)` is never used", at: name.span, label: "never used", help: "remove it, or use it in what is returned"
      )
    }
    guard !declarations.trainings.isEmpty else { return }
    let (blocks, networks, dataSets) = (declarations.blocks, declarations.networks, declarations.dataSets)
    func isUnused(_ name: String) -> Bool { !uses.declarations.contains(name) }
    for name in declarations.blockNames where isUnused(name) { reportUnused(blocks[name]?.name, blocks[name]?.span, "block") }
    for name in declarations.networkNames where isUnused(name) { reportUnused(networks[name]?.name, networks[name]?.span, "network") }
    for name in declarations.dataNames where isUnused(name) { reportUnused(dataSets[name]?.name, dataSets[name]?.span, "data set") }
  }

  private func reportUnused(_ name: Name?, _ span: Span?, _ kind: String) {
    guard let name, let span, name.span.file == file else { return }
    report(
      .unusedDeclaration, "the \(kind) `\(name.text)` is never used", at: name.span, label: "never used",
      fixIts: [edits.removing("the \(kind) `\(name.text)`", span, .unsafe)])
  }
}
