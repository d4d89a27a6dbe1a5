/// Why a text is not a module: the first problem met, and where. Lines and columns start at 1; columns count Unicode scalars.
public struct IRTextError: Error, Hashable, Sendable, CustomStringConvertible {
  public let line: Int
  public let column: Int
  public let message: String
  public init(line: Int, column: Int, message: String) {
    self.line = line
    self.column = column
    self.message = message
  }
  public var description: String { "\(line):\(column): \(message)" }
}
