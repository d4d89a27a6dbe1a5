import DrnJSON
import Foundation

/// One value of a log record.
public enum LogValue: Sendable, Hashable {
  case integer(Int)
  case number(Double)
  case text(String)
  case numbers([Double])
  /// What there is none of, as the rank of a dense weight.
  case none

  /// A rank of 0 stands for a form without one.
  static func rank(_ rank: Int) -> LogValue { rank == 0 ? .none : .integer(rank) }

  /// JSON text; a number that JSON cannot hold is written as a string so that a reader sees it.
  var json: String {
    switch self {
    case .integer(let value): String(value)
    case .number(let value): value.isFinite ? Self.format(value) : "\"\(value)\""
    case .text(let value): JSONText.string(value)
    case .numbers(let values): "[" + values.map { LogValue.number($0).json }.joined(separator: ", ") + "]"
    case .none: "null"
    }
  }

  /// Seven significant digits: what a 32-bit float holds.
  static func format(_ value: Double) -> String {
    let text = String(format: "%.7g", value)
    return text
  }
}

/// One line of the log: a kind and named values in a fixed order.
public struct LogRecord: Sendable, Hashable {
  public let kind: String
  public let fields: [Field]
  public struct Field: Sendable, Hashable {
    public let name: String
    public let value: LogValue
    public init(_ name: String, _ value: LogValue) {
      self.name = name
      self.value = value
    }
  }
  public init(_ kind: String, _ fields: [Field]) {
    self.kind = kind
    self.fields = fields
  }
  public subscript(name: String) -> LogValue? { fields.first { $0.name == name }?.value }
  /// The record as one line of JSON.
  public var json: String {
    let pairs = [Field("kind", .text(kind))] + fields
    return "{" + pairs.map { "\(JSONText.string($0.name)): \($0.value.json)" }.joined(separator: ", ") + "}"
  }
}
