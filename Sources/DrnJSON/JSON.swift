/// A JSON value. Objects keep the order of their members.
public enum JSON: Hashable, Sendable {
  case null
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([Member])

  /// One `name: value` of an object.
  public struct Member: Hashable, Sendable {
    /// What stands before the colon, without quotes and escapes.
    public let name: String
    /// What stands after the colon.
    public let value: JSON
    public init(_ name: String, _ value: JSON) {
      self.name = name
      self.value = value
    }
  }

  /// The member of that name; the last one where a name is doubled, `nil` for a value that is no object.
  public subscript(name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.name == name }?.value
  }

  /// The member at the end of a path of names.
  public subscript(path: [String]) -> JSON? {
    path.reduce(self as JSON?) { value, name in value?[name] }
  }

  /// The text of a string; `nil` for any other value.
  public var text: String? { if case .string(let value) = self { value } else { nil } }
  /// The value of a boolean; `nil` for any other value.
  public var flag: Bool? { if case .boolean(let value) = self { value } else { nil } }
  /// The elements of an array; `nil` for any other value.
  public var items: [JSON]? { if case .array(let value) = self { value } else { nil } }
  /// Whether the value is an object.
  public var isObject: Bool { if case .object = self { true } else { false } }
  /// Whether the value is `null`.
  public var isNull: Bool { self == .null }

  /// The value as a whole number; a number written with a point counts if it is whole.
  public var whole: Int? {
    switch self {
    case .integer(let value): value
    case .number(let value): value == value.rounded() && abs(value) < 1e15 ? Int(value) : nil
    case .null, .boolean, .string, .array, .object: nil
    }
  }

  /// An object of those members, in that order.
  public static func fields(_ members: [(String, JSON)]) -> JSON { .object(members.map { Member($0, $1) }) }

  /// An object of the members whose value is not `nil`.
  public static func make(_ members: KeyValuePairs<String, JSON?>) -> JSON {
    .object(members.compactMap { name, value in value.map { Member(name, $0) } })
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  /// A JSON string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// A JSON number without fraction.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// `true` or `false`.
  public init(booleanLiteral value: Bool) { self = .boolean(value) }
  /// An array of these in their order.
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
  /// An object of these members in their order; a name that is given twice is there twice.
  public init(dictionaryLiteral elements: (String, JSON)...) { self = .object(elements.map { Member($0, $1) }) }
}
