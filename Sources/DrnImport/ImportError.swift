import DrnSource

/// Why weights are not taken from a file. The driver turns it into a diagnostic.
public struct ImportError: Error, Sendable, Hashable {
  /// What went wrong, on which the code of the diagnostic depends.
  public enum Kind: Hashable, Sendable {
    /// There is no such file.
    case missing
    /// The file is damaged, or holds what is not read.
    case unreadable
    /// What the file holds is not what the network needs.
    case unfit
    /// A pair of names that is asked for names nothing, or what does not go together.
    case names
    /// The file cannot be written.
    case unwritable
    /// A defect of drnc.
    case defect
  }
  /// What went wrong.
  public let kind: Kind
  /// One sentence, beginning small and without a stop.
  public let message: String
  /// What to do about it.
  public let help: String?
  /// The layer in the source that it concerns; `nil` where none does.
  public let span: Span?
  public init(_ kind: Kind, _ message: String, help: String? = nil, span: Span? = nil) {
    self.kind = kind
    self.message = message
    self.help = help
    self.span = span
  }
}
