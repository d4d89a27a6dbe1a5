/// What `drnc new` was asked.
public struct NewRequest: Sendable {
  /// The file to create; by default named after the data.
  public let path: String?
  /// The data to write a program for; `nil` for the model on made-up data.
  public let data: String?
  /// The column of a table, or the file beside an array, that is to be learned.
  public let label: String?
  /// The rank of the factors throughout, as text; `nil` for ranks that change.
  public let rank: String?
  public init(path: String?, data: String? = nil, label: String? = nil, rank: String? = nil) {
    (self.path, self.data, self.label, self.rank) = (path, data, label, rank)
  }

  /// Whether a text is a rank: `16`, or a share of the short side, `1/4` or `25%`.
  public static func isRank(_ text: String) -> Bool {
    if let number = Int(text) { return number > 0 }
    if text.hasSuffix("%"), let percent = Int(text.dropLast()) { return (1...100).contains(percent) }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let over = parts[0], let under = parts[1] else { return false }
    return over > 0 && over <= under
  }
}
