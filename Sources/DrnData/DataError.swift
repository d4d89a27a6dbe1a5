/// Why a data set cannot be used.
public struct DataError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The class of failure, for code that reacts to it.
  public enum Kind: String, Sendable, CaseIterable {
    /// There is no file at the path.
    case missingFile
    /// The file exists but cannot be read.
    case unreadable
    /// The file ends before the data its header announces.
    case truncated
    /// The contents contradict the format.
    case corrupt
    /// The file starts as no file of this format does.
    case wrongMagic
    /// Two counts that must agree do not: images and labels, header and length, columns of two rows.
    case sizeMismatch
    /// The contents are well formed, but of a kind that is not read.
    case unsupported
    /// Images of one data set differ in size.
    case mixedSizes
    /// A label is not an integer from 0 to the number of classes less one.
    case labelOutOfRange
    /// There are no examples.
    case empty
    /// The data would not fit in the memory of this machine.
    case tooLarge
    /// A request contradicts itself or the data: an unknown column, a negative size.
    case options
  }

  /// The class of failure.
  public var kind: Kind
  /// The file concerned; empty when there is none.
  public var path: String
  /// One plain sentence, without the path.
  public var message: String
  /// What to do about it, when there is something to say.
  public var help: String?
  /// The line in a text file, from 1.
  public var line: Int?
  /// The column of the first byte concerned in that line, from 1, in bytes.
  public var column: Int?
  /// The name of the field in a table, or its number.
  public var field: String?
  /// Further kinds of faults in the same file, each with its place.
  public var others: [String] = []
  /// The name of a column or array that was asked for and is not there.
  public var missing: MissingName?

  /// A name that is not there, and those that are.
  public struct MissingName: Equatable, Sendable {
    /// The name as it was asked for.
    public let name: String
    /// The names the file has.
    public let known: [String]
  }

  /// An error of a kind, for a path, with its message.
  public init(
    kind: Kind, path: String, message: String, help: String? = nil, line: Int? = nil, column: Int? = nil, field: String? = nil,
    missing: MissingName? = nil
  ) {
    self.kind = kind
    self.path = path
    self.message = message
    self.help = help
    self.line = line
    self.column = column
    self.field = field
    self.missing = missing
  }

  /// Path, place, message and what else is at fault, in one line without the help.
  public var sentence: String {
    let start = path.isEmpty ? "" : path + ": "
    return ([start + (line.map { Self.place($0, column, field) } ?? "") + message] + others).joined(separator: "; ")
  }

  /// A place in a table, with a colon after it.
  static func place(_ line: Int, _ column: Int?, _ field: String?) -> String {
    ["line \(line)", column.map { "column \($0)" }, field.map { "field \"\(shown($0))\"" }].compactMap { $0 }.joined(separator: ", ")
      + ": "
  }

  /// The sentence and the help on one line.
  public var description: String { sentence + (help.map { "; \($0)" } ?? "") }
}

/// What a message shows of a file: the start of a text, without what moves a terminal's cursor.
func shown(_ text: String) -> String {
  String(String.UnicodeScalarView(text.prefix(40).unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }))
}
