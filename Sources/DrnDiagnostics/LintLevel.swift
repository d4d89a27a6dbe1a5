/// What is done about a lint that occurs.
public enum LintLevel: String, Sendable, CaseIterable, Comparable {
  /// Nothing is said.
  case allow
  /// It is reported and stops nothing.
  case warn
  /// It is an error.
  case deny

  /// By strictness: `allow`, `warn`, `deny`.
  public static func < (left: LintLevel, right: LintLevel) -> Bool { left.strictness < right.strictness }

  private var strictness: Int {
    switch self {
    case .allow: 0
    case .warn: 1
    case .deny: 2
    }
  }
}

/// The levels of lints, as a command line or a source gives them.
public struct LintLevels: Sendable, Hashable {
  private var levels: [Code: LintLevel] = [:]
  /// Whether every warning is an error, but for what has a level of its own.
  public var deniesWarnings = false

  public init() {}

  /// The level given to a code; `nil` where it keeps its severity.
  public subscript(code: Code) -> LintLevel? { levels[code] }

  /// These levels, except where `other` gives one.
  public func overridden(by other: LintLevels) -> LintLevels {
    var result = self
    result.levels.merge(other.levels) { $1 }
    result.deniesWarnings = deniesWarnings || other.deniesWarnings
    return result
  }

  /// The diagnostics with their severities at these levels; those that are allowed are left out.
  public func applied(to diagnostics: [Diagnostic]) -> [Diagnostic] {
    diagnostics.compactMap { diagnostic in
      guard diagnostic.severity < .error else { return diagnostic }
      let level = diagnostic.code.isLint ? levels[diagnostic.code] : nil
      var result = diagnostic
      guard diagnostic.code.severity < .error else {
        // An error that is only a warning in its place, as what `--set` makes useless.
        if deniesWarnings { result.severity = .error }
        return result
      }
      guard let severity = diagnostic.code.severity(at: level, deniesWarnings: deniesWarnings) else { return nil }
      result.severity = severity
      return result
    }
  }

  /// Gives a level to a code; of several levels the strictest holds.
  public mutating func set(_ level: LintLevel, for code: Code) { levels[code] = max(level, levels[code] ?? level) }
}

extension Code {
  /// The severity of a diagnostic of this code at a level; `nil` where nothing is said.
  ///
  /// `deniesWarnings` raises a warning that no level speaks of, and one that is at `warn`.
  public func severity(at level: LintLevel?, deniesWarnings: Bool) -> Severity? {
    let chosen: Severity
    switch level {
    case nil: chosen = severity
    case .allow?: return nil
    case .warn?: chosen = .warning
    case .deny?: chosen = .error
    }
    return deniesWarnings && chosen == .warning ? .error : chosen
  }
}
