/// Normalizations and their gradients.
public enum NormalizeOp: String, OpList, Sendable, Hashable {
  case layerNorm = "layer_norm"
  case layerNormGradient = "layer_norm_gradient"
  case batchNorm = "batch_norm"
  case batchNormGradient = "batch_norm_gradient"
  case batchNormFactors = "batch_norm_factors"
  case logSoftmax = "log_softmax"

  var spec: OpSpec {
    switch self {
    case .layerNorm: .layerNorm
    case .layerNormGradient: .layerNormGradient
    case .batchNorm: .batchNorm
    case .batchNormGradient: .batchNormGradient
    case .batchNormFactors: .batchNormFactors
    case .logSoftmax: .logSoftmax
    }
  }
}

/// The ops of the kind by their own names.
extension Opcode {
  public static let layerNorm = normalize(.layerNorm)
  public static let layerNormGradient = normalize(.layerNormGradient)
  public static let batchNorm = normalize(.batchNorm)
  public static let batchNormGradient = normalize(.batchNormGradient)
  public static let batchNormFactors = normalize(.batchNormFactors)
  public static let logSoftmax = normalize(.logSoftmax)
}
