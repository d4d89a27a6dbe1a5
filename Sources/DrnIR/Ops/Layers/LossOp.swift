/// Losses and their gradients.
public enum LossOp: String, OpList, Sendable, Hashable {
  case softmaxCrossEntropy = "softmax_cross_entropy"
  case softmaxCrossEntropyGradient = "softmax_cross_entropy_gradient"

  var spec: OpSpec {
    switch self {
    case .softmaxCrossEntropy: .softmaxCrossEntropy
    case .softmaxCrossEntropyGradient: .softmaxCrossEntropyGradient
    }
  }
}

/// The ops of the kind by their own names.
extension Opcode {
  public static let softmaxCrossEntropy = loss(.softmaxCrossEntropy)
  public static let softmaxCrossEntropyGradient = loss(.softmaxCrossEntropyGradient)
}
