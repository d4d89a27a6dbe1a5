/// A compile-time parameter of an operation.
public enum AttributeValue: Hashable, Sendable {
  case integer(Int)
  case number(Double)
  case boolean(Bool)
  case string(String)
  case integers([Int])
  case booleans([Bool])
  case dimensions([Dimension])
  /// A function of the same module, printed `@name`.
  case function(String)
}

/// The attributes of one operation, kept and printed in alphabetical order.
public struct Attributes: Hashable, Sendable, ExpressibleByDictionaryLiteral {
  /// Sorted by name, each name once.
  public private(set) var entries: [Entry] = []
  /// One attribute.
  public struct Entry: Hashable, Sendable {
    /// The key of the printed form: `axis` in `axis = 0`.
    public let name: String
    /// The number, list, text or name after it.
    public let value: AttributeValue
  }

  public init() {}
  /// Of several values for one name the last one holds.
  public init(dictionaryLiteral elements: (String, AttributeValue)...) {
    for (name, value) in elements { self[name] = value }
  }
  /// Whether there is none.
  public var isEmpty: Bool { entries.isEmpty }

  /// The value of that name, whatever its kind; setting `nil` removes the attribute.
  public subscript(name: String) -> AttributeValue? {
    get { entries.first { $0.name == name }?.value }
    set {
      entries.removeAll { $0.name == name }
      guard let newValue else { return }
      let position = entries.firstIndex { $0.name > name } ?? entries.count
      entries.insert(Entry(name: name, value: newValue), at: position)
    }
  }

  /// A whole number; `nil` for an absent attribute or one of another kind, as in every function below.
  public func integer(_ name: String) -> Int? { if case .integer(let value)? = self[name] { value } else { nil } }
  /// A real number.
  public func number(_ name: String) -> Double? { if case .number(let value)? = self[name] { value } else { nil } }
  /// A truth value.
  public func boolean(_ name: String) -> Bool? { if case .boolean(let value)? = self[name] { value } else { nil } }
  /// A text in quotes.
  public func string(_ name: String) -> String? { if case .string(let value)? = self[name] { value } else { nil } }
  /// A list of whole numbers.
  public func integers(_ name: String) -> [Int]? { if case .integers(let value)? = self[name] { value } else { nil } }
  /// A list of truth values.
  public func booleans(_ name: String) -> [Bool]? { if case .booleans(let value)? = self[name] { value } else { nil } }
  /// A list of extents, symbolic ones among them.
  public func dimensions(_ name: String) -> [Dimension]? { if case .dimensions(let value)? = self[name] { value } else { nil } }
  /// The name of a function of the same module, without `@`.
  public func function(_ name: String) -> String? { if case .function(let value)? = self[name] { value } else { nil } }
}
