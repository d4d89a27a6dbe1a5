/// Patches, pools and their gradients, channels last.
public enum WindowOp: String, OpList, Sendable, Hashable {
  case patches
  case patchesGradient = "patches_gradient"
  case maxPool = "max_pool"
  case maxPoolGradient = "max_pool_gradient"
  case averagePool = "average_pool"
  case averagePoolGradient = "average_pool_gradient"

  var spec: OpSpec {
    switch self {
    case .patches: .patches
    case .patchesGradient: .patchesGradient
    case .maxPool: .maxPool
    case .maxPoolGradient: .maxPoolGradient
    case .averagePool: .averagePool
    case .averagePoolGradient: .averagePoolGradient
    }
  }
}

/// The ops of the kind by their own names.
extension Opcode {
  public static let patches = window(.patches)
  public static let patchesGradient = window(.patchesGradient)
  public static let maxPool = window(.maxPool)
  public static let maxPoolGradient = window(.maxPoolGradient)
  public static let averagePool = window(.averagePool)
  public static let averagePoolGradient = window(.averagePoolGradient)
}
