/// Ops that sum elements.
public enum ReduceOp: String, OpList, Sendable, Hashable {
  case sum
  case norm

  var spec: OpSpec {
    switch self {
    case .sum: .sum
    case .norm: .norm
    }
  }
}

/// The ops of the kind by their own names.
extension Opcode {
  public static let sum = reduce(.sum)
  public static let norm = reduce(.norm)
}
