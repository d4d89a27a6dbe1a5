extension Opcode {
  /// The specification of this op.
  public var spec: OpSpec {
    switch self {
    case .negate: .negate
    case .exponential: .exponential
    case .logarithm: .logarithm
    case .squareRoot: .squareRoot
    case .reciprocal: .reciprocal
    case .absolute: .absolute
    case .sign: .sign
    case .square: .square
    case .relu: .relu
    case .gelu: .gelu
    case .geluDerivative: .geluDerivative
    case .tanh: .tanh
    case .sigmoid: .sigmoid
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .maximum: .maximum
    case .minimum: .minimum
    case .greater: .greater
    case .constant: .constant
    case .broadcast: .broadcast
    case .sum: .sum
    case .transpose: .transpose
    case .reshape: .reshape
    case .slice: .slice
    case .pad: .pad
    case .concatenate: .concatenate
    case .diagonal: .diagonal
    case .matmul: .matmul
    case .product: .product
    case .softmaxCrossEntropy: .softmaxCrossEntropy
    case .softmaxCrossEntropyGradient: .softmaxCrossEntropyGradient
    case .layerNorm: .layerNorm
    case .layerNormGradient: .layerNormGradient
    case .batchNorm: .batchNorm
    case .batchNormGradient: .batchNormGradient
    case .dropout: .dropout
    case .singularValues: .singularValues
    case .orthonormalize: .orthonormalize
    case .randomNormal: .randomNormal
    case .randomUniform: .randomUniform
    case .map: .map
    case .valueAndGradient: .valueAndGradient
    }
  }
}
