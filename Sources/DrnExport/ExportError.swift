/// Why a network is not written. The driver turns it into a diagnostic.
public struct ExportError: Error, Sendable, Hashable {
  /// What went wrong, on which the code of the diagnostic depends.
  public enum Kind: Hashable, Sendable {
    /// The format has no counterpart for a part of the network.
    case refused
    /// Merged weights give other outputs.
    case differs
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
  public init(_ kind: Kind, _ message: String, help: String? = nil) {
    self.kind = kind
    self.message = message
    self.help = help
  }
}
