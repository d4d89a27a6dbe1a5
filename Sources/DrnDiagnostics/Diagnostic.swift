import DrnSource

/// How serious a diagnostic is. Only `error` makes a command fail.
public enum Severity: String, Sendable, CaseIterable, Comparable {
  case hint, warning, error
  public static func < (left: Severity, right: Severity) -> Bool { left.order < right.order }
  private var order: Int {
    switch self {
    case .hint: 0
    case .warning: 1
    case .error: 2
    }
  }
}

/// A stretch of source with a remark about it.
public struct Label: Sendable, Hashable {
  /// The source that is marked.
  public let span: Span
  /// What is said about it, without a full stop; empty where marking it says enough.
  public let message: String
  public init(_ span: Span, _ message: String) {
    self.span = span
    self.message = message
  }
}

/// How sure drnc is that a fix-it is what the author meant.
public enum Confidence: String, Sendable {
  /// Keeps the meaning or is the only sensible reading; `drnc fix` applies it.
  case safe
  /// Plausible; applied only on request.
  case unsafe
}

/// Replacements that would resolve a diagnostic; the edits do not overlap.
public struct FixIt: Sendable, Hashable {
  /// One replacement of text.
  public struct Edit: Sendable, Hashable {
    /// What is replaced; an empty span inserts.
    public let span: Span
    /// What stands there instead; empty to delete.
    public let replacement: String
    public init(_ span: Span, _ replacement: String) {
      self.span = span
      self.replacement = replacement
    }
  }
  /// What the fix does, as an instruction: "remove `allow`".
  public let message: String
  /// In any order; all of them are applied or none.
  public let edits: [Edit]
  /// Whether the fix may be applied unseen.
  public let confidence: Confidence
  public init(_ message: String, edits: [Edit], confidence: Confidence) {
    self.message = message
    self.edits = edits
    self.confidence = confidence
  }
}

/// A sentence that quotes a name of a million characters, with the name's beginning and end.
private func shortened(_ text: String) -> String {
  let longest = 2000
  guard text.utf8.count > longest else { return text }
  return text.prefix(longest / 2) + " ... " + text.suffix(longest / 4)
}

/// One located, coded, explained problem. Values only: renderers turn it into text.
public struct Diagnostic: Sendable, Hashable {
  /// What kind of problem it is.
  public var code: Code
  /// How serious it is here; a lint's level may differ from that of its code.
  public var severity: Severity
  /// One sentence, lower case, without a full stop, naming the user's own identifiers.
  public var message: String
  /// Where the problem is; `nil` for problems of the command line or of files without text.
  public var primary: Label?
  /// Where each of two disagreeing facts came from.
  public var secondary: [Label] = []
  /// Facts the user needs to decide: a break-even rank, the epoch where a gap begins.
  public var notes: [String] = []
  /// What to do about it.
  public var help: String?
  /// Ways to resolve it by editing the source, each by itself.
  public var fixIts: [FixIt] = []

  /// A message that quotes an enormous name is shortened. Without a span there is no primary label; without a severity the code's own
  /// holds.
  public init(
    _ code: Code, _ message: String, at span: Span?, label: String = "", secondary: [Label] = [], notes: [String] = [],
    help: String? = nil, fixIts: [FixIt] = [], severity: Severity? = nil
  ) {
    self.code = code
    self.severity = severity ?? code.severity
    self.message = shortened(message)
    primary = span.map { Label($0, shortened(label)) }
    self.secondary = secondary
    self.notes = notes.map(shortened)
    self.help = help.map(shortened)
    self.fixIts = fixIts
  }
}

extension Diagnostic {
  /// The message with its notes and help, one a line.
  public var fullText: String {
    ([message] + notes.map { "note: \($0)" } + (help.map { ["help: \($0)"] } ?? [])).joined(separator: "\n")
  }
}

extension Diagnostic {
  /// How many of one file or one part of a check are kept; the rest is left out: nobody reads them, and each takes memory and time.
  public static let mostKept = 1000
}

/// Collects diagnostics in the order they are found.
public struct DiagnosticBag: Sendable {
  /// Those reported so far.
  public private(set) var diagnostics: [Diagnostic] = []
  public init() {}
  /// Whether a command that found these fails.
  public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
  /// Adds a diagnostic as it is.
  public mutating func report(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }
  /// Adds diagnostics as they are, in their order.
  public mutating func report(contentsOf other: [Diagnostic]) { diagnostics.append(contentsOf: other) }
}

/// So that a command can fail with one located, coded problem.
extension Diagnostic: Error {}
