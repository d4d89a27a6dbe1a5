import DrnIR
import DrnJSON

/// What a translated function takes and gives, in the order of its text.
public struct StableHLOManifest: Hashable, Sendable {
  /// An argument or a result.
  public struct Port: Hashable, Sendable {
    /// That of the IR; a result with the name of an argument is its next value.
    public let name: String
    /// What it stands for.
    public let role: Role
    /// What one element is.
    public let element: ElementType
    /// Of all devices together, row-major.
    public let shape: [Int]
    /// The axis of which each device has its own part; `nil` where the tensor is whole on every device.
    public let dividedAxis: Int?
    /// Of an argument whose memory a result takes over: which result.
    public let donatedTo: Int?
  }
  /// The name of the function in the IR.
  public let function: String
  /// Over which the batch is divided, at least 1.
  public let devices: Int
  /// In order.
  public let arguments: [Port]
  /// In order.
  public let results: [Port]

  /// As a file beside the text has it.
  public var json: JSON {
    .make([
      "function": .string(function), "devices": .integer(devices), "arguments": .array(arguments.map(\.json)),
      "results": .array(results.map(\.json)),
    ])
  }
}

extension StableHLOManifest.Port {
  fileprivate var json: JSON {
    .make([
      "name": .string(name), "role": .string(role.rawValue), "element": .string(element.rawValue),
      "shape": .array(shape.map { .integer($0) }), "divided": dividedAxis.map { .integer($0) },
      "donated_to": donatedTo.map { .integer($0) },
    ])
  }
}
