import DrnSource

/// Why a sequence cannot be continued.
public struct ContinuationError: Error, Hashable, Sendable {
  /// What went wrong, on which the code of the diagnostic depends.
  public enum Kind: Hashable, Sendable {
    /// The network is no model of what follows, or has a layer that needs whole sequences.
    case network
    /// The prompt has something that the network does not know, or is empty.
    case prompt
    /// An output of the network is not a number.
    case outputs
    /// The plan does not fit in memory.
    case memory
    /// A defect of drnc.
    case defect
  }
  /// What went wrong.
  public let kind: Kind
  /// One sentence, beginning small and without a stop.
  public let message: String
  /// What to do about it.
  public let help: String?
  /// The place in the source that it concerns; `nil` where none does.
  public let span: Span?
  public init(_ kind: Kind, _ message: String, help: String? = nil, span: Span? = nil) {
    (self.kind, self.message, self.help, self.span) = (kind, message, help, span)
  }
}
