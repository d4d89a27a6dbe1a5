import DrnDiagnostics
import DrnSource
import DrnSyntax

extension Checker {
  /// The diagnostics that remain when allowed lints are taken out; what is allowed in vain is reported.
  mutating func finishDiagnostics() -> [Diagnostic] {
    var fired: Set<String> = []
    let names = Set(allowances.map(\.lint))
    let kept = bag.diagnostics.filter { diagnostic in
      if syntaxFaults.explain(diagnostic) { return false }
      guard names.contains(diagnostic.code.name), diagnostic.severity != .error else { return true }
      fired.insert(diagnostic.code.name)
      return false
    }
    let hasErrors = errorCount > 0
    let unused = allowances.filter { !fired.contains($0.lint) && !hasErrors }.map { allowance in
      Diagnostic(
        .unusedAllow, "`\(allowance.lint)` is allowed but does not occur", at: allowance.span, label: "allows nothing",
        help: "remove it, so that it does not hide a later one")
    }
    return sorted(kept + unused)
  }

  /// In the order of the text, file by file; what has no place comes first.
  private func sorted(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    diagnostics.enumerated().sorted { left, right in
      let (first, second) = (left.element.primary?.span, right.element.primary?.span)
      return (first.map { Int($0.file.index) } ?? -1, first?.start ?? 0, left.offset)
        < (second.map { Int($0.file.index) } ?? -1, second?.start ?? 0, right.offset)
    }.map(\.element)
  }

  /// Lints about what is declared and never used.
  mutating func lintUnused() {
    for name in declaredBindings where !usedBindings.contains(name.span) {
      report(
        .unusedBinding, "`\(name.text)` is never used", at: name.span, label: "never used", help: "remove it, or use it in what is returned"
      )
    }
    guard !trainings.isEmpty else { return }
    for name in blockNames where !used.contains(name) { reportUnusedDeclaration(blocks[name]?.name, "block") }
    for name in networkNames where !used.contains(name) { reportUnusedDeclaration(networks[name]?.name, "network") }
    for name in dataNames where !used.contains(name) { reportUnusedDeclaration(dataSets[name]?.name, "data set") }
  }

  private mutating func reportUnusedDeclaration(_ name: Name?, _ kind: String) {
    guard let name, name.span.file == file else { return }
    report(.unusedDeclaration, "the \(kind) `\(name.text)` is never used", at: name.span, label: "never used")
  }
}
