/// Every operation of the IR. The raw value is the mnemonic. Each has one `OpSpec` in `Ops/`.
public enum Opcode: String, Sendable, Hashable, CaseIterable {
  // Elementwise, one operand.
  case negate, exponential, logarithm, squareRoot = "square_root", reciprocal, absolute, sign, square
  case relu, gelu, geluDerivative = "gelu_derivative", tanh, sigmoid
  // Elementwise, two operands of one type; a scalar operand applies to every element.
  case add, subtract, multiply, divide, maximum, minimum, greater
  // Shape and constants.
  case constant, broadcast, sum, norm, transpose, reshape, slice, pad, concatenate, diagonal
  // Products.
  case matmul, product
  // Layers.
  case softmaxCrossEntropy = "softmax_cross_entropy", softmaxCrossEntropyGradient = "softmax_cross_entropy_gradient"
  case layerNorm = "layer_norm", layerNormGradient = "layer_norm_gradient"
  case batchNorm = "batch_norm", batchNormGradient = "batch_norm_gradient", batchNormFactors = "batch_norm_factors"
  case dropout
  // Images, channels last.
  case patches, patchesGradient = "patches_gradient"
  case convolution, convolutionInputGradient = "convolution_input_gradient"
  case convolutionWeightGradient = "convolution_weight_gradient"
  case maxPool = "max_pool", maxPoolGradient = "max_pool_gradient"
  case averagePool = "average_pool", averagePoolGradient = "average_pool_gradient"
  case channelsLast = "channels_last", channelsFirst = "channels_first"
  // Factorizations and random numbers, for initial values and transitions.
  case singularValues = "singular_values", orthonormalize, randomNormal = "random_normal", randomUniform = "random_uniform"
  // Calls of functions of the module.
  case map, valueAndGradient = "value_and_gradient"
}
