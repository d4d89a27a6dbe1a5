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
  public private(set) var entries: [Entry] = []
  public struct Entry: Hashable, Sendable {
    public let name: String
    public let value: AttributeValue
  }

  public init() {}
  public init(dictionaryLiteral elements: (String, AttributeValue)...) {
    for (name, value) in elements { self[name] = value }
  }
  public var isEmpty: Bool { entries.isEmpty }

  public subscript(name: String) -> AttributeValue? {
    get { entries.first { $0.name == name }?.value }
    set {
      entries.removeAll { $0.name == name }
      guard let newValue else { return }
      let position = entries.firstIndex { $0.name > name } ?? entries.count
      entries.insert(Entry(name: name, value: newValue), at: position)
    }
  }

  public func integer(_ name: String) -> Int? { if case .integer(let value)? = self[name] { value } else { nil } }
  public func number(_ name: String) -> Double? { if case .number(let value)? = self[name] { value } else { nil } }
  public func boolean(_ name: String) -> Bool? { if case .boolean(let value)? = self[name] { value } else { nil } }
  public func string(_ name: String) -> String? { if case .string(let value)? = self[name] { value } else { nil } }
  public func integers(_ name: String) -> [Int]? { if case .integers(let value)? = self[name] { value } else { nil } }
  public func booleans(_ name: String) -> [Bool]? { if case .booleans(let value)? = self[name] { value } else { nil } }
  public func dimensions(_ name: String) -> [Dimension]? { if case .dimensions(let value)? = self[name] { value } else { nil } }
  public func function(_ name: String) -> String? { if case .function(let value)? = self[name] { value } else { nil } }
}
