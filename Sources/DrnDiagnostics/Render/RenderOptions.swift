/// How the terminal renderer draws.
public struct RenderOptions: Sendable, Hashable {
  /// Whether to use ANSI colours.
  public var color: Bool
  /// Whether to draw with box characters instead of ASCII.
  public var unicode: Bool
  /// The number of columns to keep to where the text can be cut or wrapped.
  public var width: Int

  /// Options for a screen of `width` columns.
  public init(color: Bool = false, unicode: Bool = true, width: Int = 100) {
    self.color = color
    self.unicode = unicode
    self.width = width
  }
}
