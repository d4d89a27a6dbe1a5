/// Why a sweep cannot be understood.
public struct SweepFault: Error, Hashable, Sendable {
  /// One sentence, beginning small and without a stop.
  public let message: String
  /// What to do about it.
  public let help: String?
  public init(_ message: String, help: String? = nil) {
    self.message = message
    self.help = help
  }
}
