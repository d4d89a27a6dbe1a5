/// Why a text is not a module: the first problem met, and where. Lines and columns start at 1; columns count Unicode scalars.
public struct IRTextError: Error, Hashable, Sendable, CustomStringConvertible {
  /// From 1.
  public let line: Int
  /// From 1, in Unicode scalars.
  public let column: Int
  /// What is wrong there, without the place.
  public let message: String
  public init(line: Int, column: Int, message: String) {
    self.line = line
    self.column = column
    self.message = message
  }
  public var description: String { "\(line):\(column): \(message)" }
}
