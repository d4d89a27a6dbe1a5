import DrnJSON
import DrnMethods
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

  /// JSON text; a number that JSON cannot hold is `null`, which `words` explains.
  var json: String {
    switch self {
    case .integer(let value): String(value)
    case .number(let value): value.isFinite ? Self.format(value) : "null"
    case .text(let value): JSON.string(value).encoded
    case .numbers(let values): "[" + values.map { LogValue.number($0).json }.joined(separator: ", ") + "]"
    case .none: "null"
    }
  }

  /// What JSON cannot hold of the value: `"nan"`, `"inf"` or `"-inf"`, or a list of these with `null` for finite numbers.
  var words: String? {
    switch self {
    case .number(let value): Self.word(value).map { JSON.string($0).encoded }
    case .numbers(let values) where !values.allSatisfy(\.isFinite):
      "[" + values.map { Self.word($0).map { JSON.string($0).encoded } ?? "null" }.joined(separator: ", ") + "]"
    case .integer, .text, .numbers, .none: nil
    }
  }

  /// A cell of a table, whose readers know `nan` and `inf` as numbers.
  var cell: String {
    if case .number(let value) = self { Self.format(value) } else { json }
  }

  /// Seven significant digits, what a 32-bit float holds; `nan`, `inf` or `-inf` for what is no finite number.
  static func format(_ value: Double) -> String { word(value) ?? String(format: "%.7g", value) }

  /// The name of what is no finite number; a NaN has no sign.
  static func word(_ value: Double) -> String? {
    if value.isFinite { return nil }
    return value.isNaN ? "nan" : value > 0 ? "inf" : "-inf"
  }
}

/// One line of the log: a kind and named values in a fixed order.
public struct LogRecord: Sendable, Hashable {
  /// What the line tells of: `epoch`, `transition`, `report`.
  public let kind: String
  /// In the order in which they are written; each name once.
  public let fields: [Field]
  /// One named value.
  public struct Field: Sendable, Hashable {
    /// The key in JSON and the column in `log.csv`.
    public let name: String
    /// What stands there.
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
  /// The value of that name; `nil` where the record has none.
  public subscript(name: String) -> LogValue? { fields.first { $0.name == name }?.value }
  /// The record as one line of JSON. Beside a field `x` whose number JSON cannot hold stands `x_is` with its name.
  public var json: String {
    let pairs = ([Field("kind", .text(kind))] + fields).flatMap { field in
      [(field.name, field.value.json)] + (field.value.words.map { [(field.name + "_is", $0)] } ?? [])
    }
    return "{" + pairs.map { "\(JSON.string($0.0).encoded): \($0.1)" }.joined(separator: ", ") + "}"
  }
}

extension LogRecord.Field {
  /// A figure; of a split, with the name of the split before its own.
  init(_ figure: MeasuredFigure, of split: String? = nil) {
    let name = (split.map { $0 + "_" } ?? "") + figure.name
    switch figure.value {
    case .number(let value): self.init(name, .number(value))
    case .numbers(let values): self.init(name, .numbers(values))
    }
  }
}
