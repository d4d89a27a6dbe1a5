/// Attention, its gradient, and attention of further positions to those before.
public enum AttendOp: String, OpList, Sendable, Hashable {
  case forward = "attention"
  case gradient = "attention_gradient"
  case cached = "cached_attention"

  var spec: OpSpec {
    switch self {
    case .forward: .attention
    case .gradient: .attentionGradient
    case .cached: .cachedAttention
    }
  }

  /// Queries, keys and values stand together among the operands, from this one on.
  public var queries: Int {
    switch self {
    case .forward, .cached: 0
    case .gradient: 1
    }
  }

  /// Where the lengths stand among the operands, if they are given; `nil` where there never are any.
  public var lengths: Int? {
    switch self {
    case .forward: 3
    case .gradient: 6
    case .cached: nil
    }
  }
}

/// The ops of the kind by their own names.
extension Opcode {
  public static let attention = attend(.forward)
  public static let attentionGradient = attend(.gradient)
  public static let cachedAttention = attend(.cached)
}
