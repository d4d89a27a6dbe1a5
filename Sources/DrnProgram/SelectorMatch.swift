import DrnSource

/// What a selector of the source matched, for `drnc check --selectors`.
public struct SelectorMatch: Hashable, Sendable {
  /// The pattern as written.
  public let selector: String
  /// Where it is written.
  public let span: Span
  /// Layer paths in network order, exceptions left out.
  public let layers: [String]
  public init(selector: String, span: Span, layers: [String]) {
    self.selector = selector
    self.span = span
    self.layers = layers
  }
}
