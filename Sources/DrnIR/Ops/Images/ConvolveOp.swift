/// Convolutions and their gradients, channels last.
public enum ConvolveOp: String, OpList, Sendable, Hashable {
  case forward = "convolution"
  case inputGradient = "convolution_input_gradient"
  case weightGradient = "convolution_weight_gradient"

  var spec: OpSpec {
    switch self {
    case .forward: .convolution
    case .inputGradient: .convolutionInputGradient
    case .weightGradient: .convolutionWeightGradient
    }
  }
}

/// The ops of the kind by their own names.
extension Opcode {
  public static let convolution = convolve(.forward)
  public static let convolutionInputGradient = convolve(.inputGradient)
  public static let convolutionWeightGradient = convolve(.weightGradient)
}
