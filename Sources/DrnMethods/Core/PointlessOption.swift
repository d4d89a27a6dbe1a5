/// An option whose value leaves nothing of what it is for: a rate of 0, a list of no moments, a share that cuts nothing.
///
/// Allowed, since a value may come from a sweep, but never what one writes on purpose in a file: a lint says so.
public struct PointlessOption: Hashable, Sendable {
  /// The name of the option.
  public let option: String
  /// What becomes of it, as the end of a sentence that begins with the option: "looks ahead along a momentum of 0".
  public let outcome: String
  public init(_ option: String, _ outcome: String) {
    self.option = option
    self.outcome = outcome
  }
}
