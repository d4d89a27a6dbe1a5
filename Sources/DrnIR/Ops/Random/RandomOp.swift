/// Random numbers, and masks made of them.
public enum RandomOp: String, OpList, Sendable, Hashable {
  case dropout
  case normal = "random_normal"
  case uniform = "random_uniform"

  var spec: OpSpec {
    switch self {
    case .dropout: .dropout
    case .normal: .randomNormal
    case .uniform: .randomUniform
    }
  }
}

/// The ops of the kind by their own names.
extension Opcode {
  public static let dropout = random(.dropout)
  public static let randomNormal = random(.normal)
  public static let randomUniform = random(.uniform)
}
