/// A comparison of a field of a file's name with a number or a word: `take < 5`, `speaker == jackson`.
public struct FieldCondition: Equatable, Sendable {
  private enum Comparison: String, CaseIterable {
    case atMost = "<="
    case atLeast = ">="
    case equal = "=="
    case unequal = "!="
    case less = "<"
    case more = ">"
  }

  /// As it was written.
  public let text: String
  /// The field that is compared.
  public let field: String
  private let comparison: Comparison
  private let word: String
  private let number: Double?

  /// Reads a comparison of one of `fields`; what is wrong with it is an error without a path.
  public init(_ text: String, fields: [String]) throws(DataError) {
    func fault(_ message: String, _ help: String? = nil) -> DataError { DataError(kind: .options, path: "", message: message, help: help) }
    let marks: Set<Character> = ["<", ">", "=", "!"]
    let form = "write `take < 5` or `speaker == jackson`"
    guard let start = text.firstIndex(where: marks.contains) else { throw fault("compares nothing", form) }
    let mark = text[start...].prefix { marks.contains($0) }
    guard let comparison = Comparison(rawValue: String(mark)) else {
      throw fault("compares by `\(mark)`", "the comparisons are <, <=, >, >=, == and !=")
    }
    field = Self.trimmed(text[..<start])
    word = Self.trimmed(text[mark.endIndex...])
    guard fields.contains(field) else {
      let known = fields.map { "`\($0)`" }.joined(separator: ", ")
      throw fault("compares `\(shown(field))`, which is no field of the names", "the fields are \(known)")
    }
    guard !word.isEmpty, !word.contains(where: marks.contains) else { throw fault("compares `\(field)` with no number or word", form) }
    number = Self.number(word)
    guard number != nil || comparison == .equal || comparison == .unequal else {
      throw fault("asks whether `\(field)` is \(mark) `\(shown(word))`, which is no number", form)
    }
    self.comparison = comparison
    self.text = text
  }

  /// Whether it holds for the fields of a name; nil where a number is compared with what is none.
  public func holds(for fields: [String: String]) -> Bool? {
    let value = fields[field] ?? ""
    guard let number else { return (value == word) == (comparison == .equal) }
    return Self.number(value).map { value in
      switch comparison {
      case .atMost: value <= number
      case .atLeast: value >= number
      case .equal: value == number
      case .unequal: value != number
      case .less: value < number
      case .more: value > number
      }
    }
  }

  private static func number(_ text: String) -> Double? {
    let bytes = Array(text.utf8)
    return parseDecimal(bytes, bytes.indices)
  }

  private static func trimmed(_ text: Substring) -> String {
    String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
