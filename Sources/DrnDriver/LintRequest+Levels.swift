import DrnDiagnostics

extension LintRequest {
  /// The word that stands for every warning after `--deny`.
  static let everyWarning = "warnings"

  /// The levels, or the first name that is no lint.
  func levels() -> Result<LintLevels, Diagnostic> {
    var levels = LintLevels()
    for (level, names) in [(LintLevel.allow, allowed), (.warn, warned), (.deny, denied)] {
      for name in names {
        if level == .deny, name == Self.everyWarning {
          levels.deniesWarnings = true
        } else if let code = Code.named(name), code.isLint {
          levels.set(level, for: code)
        } else {
          return .failure(unknown(name, level))
        }
      }
    }
    return .success(levels)
  }

  private func unknown(_ name: String, _ level: LintLevel) -> Diagnostic {
    let option = "--\(level.rawValue)"
    if let code = Code.named(name) {
      return Diagnostic(
        .unknownLint, "`\(option) \(name)` names an error, which has no level", at: nil, notes: ["\(code.id) is `\(code.name)`"],
        help: "`drnc explain --list` prints every lint with its severity")
    }
    let nearest = Code.nearest(to: name, in: Code.all.filter(\.isLint))
    return Diagnostic(
      .unknownLint, "`\(option) \(name)` names no lint", at: nil,
      help: nearest.map { "did you mean `\($0)`?" } ?? "`drnc explain --list` prints every lint")
  }
}
