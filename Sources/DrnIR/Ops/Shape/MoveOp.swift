/// Ops that move, repeat or pad elements.
public enum MoveOp: String, OpList, Sendable, Hashable {
  case broadcast
  case transpose
  case slice
  case pad
  case concatenate
  case diagonal
  case channelsLast = "channels_last"
  case channelsFirst = "channels_first"

  var spec: OpSpec {
    switch self {
    case .broadcast: .broadcast
    case .transpose: .transpose
    case .slice: .slice
    case .pad: .pad
    case .concatenate: .concatenate
    case .diagonal: .diagonal
    case .channelsLast: .channelsLast
    case .channelsFirst: .channelsFirst
    }
  }
}

/// The ops of the kind by their own names.
extension Opcode {
  public static let broadcast = move(.broadcast)
  public static let transpose = move(.transpose)
  public static let slice = move(.slice)
  public static let pad = move(.pad)
  public static let concatenate = move(.concatenate)
  public static let diagonal = move(.diagonal)
  public static let channelsLast = move(.channelsLast)
  public static let channelsFirst = move(.channelsFirst)
}
