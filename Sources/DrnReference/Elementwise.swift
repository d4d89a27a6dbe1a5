import DrnIR
import Foundation

/// The function a unary op applies to each element.
func unaryFunction(_ opcode: Opcode) throws(ReferenceError) -> (Double) -> Double {
  switch opcode {
  case .negate: { -$0 }
  case .exponential: { exp($0) }
  case .logarithm: { log($0) }
  case .squareRoot: { $0.squareRoot() }
  case .reciprocal: { 1 / $0 }
  case .absolute: { abs($0) }
  case .sign: { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }
  case .square: { $0 * $0 }
  case .relu: { $0 < 0 ? 0 : $0 }
  case .gelu: { $0 * normalDistribution($0) }
  case .geluDerivative: { normalDistribution($0) + $0 * exp(-$0 * $0 / 2) / (2 * Double.pi).squareRoot() }
  case .tanh: { tanh($0) }
  case .sigmoid: { 1 / (1 + exp(-$0)) }
  case .add, .subtract, .multiply, .divide, .maximum, .minimum, .greater, .constant, .broadcast, .sum, .transpose, .reshape, .slice, .pad,
    .concatenate, .diagonal, .matmul, .product, .softmaxCrossEntropy, .softmaxCrossEntropyGradient, .layerNorm, .layerNormGradient,
    .batchNorm, .batchNormGradient, .batchNormFactors, .dropout, .patches, .patchesGradient, .convolution, .convolutionInputGradient,
    .convolutionWeightGradient, .maxPool, .maxPoolGradient, .averagePool, .averagePoolGradient, .channelsLast, .channelsFirst,
    .norm, .singularValues, .orthonormalize, .randomNormal, .randomUniform, .map, .valueAndGradient:
    throw ReferenceError("\(opcode.rawValue) is not a unary op")
  }
}

/// The normal distribution function.
private func normalDistribution(_ x: Double) -> Double { (1 + erf(x / 2.0.squareRoot())) / 2 }

/// The function a binary op applies to each pair of elements.
func binaryFunction(_ opcode: Opcode) throws(ReferenceError) -> (Double, Double) -> Double {
  switch opcode {
  case .add: { $0 + $1 }
  case .subtract: { $0 - $1 }
  case .multiply: { $0 * $1 }
  case .divide: { $0 / $1 }
  // A comparison with NaN is false; the sum is NaN if either is.
  case .maximum: { $0.isNaN || $1.isNaN ? $0 + $1 : $0 > $1 ? $0 : $1 }
  case .minimum: { $0.isNaN || $1.isNaN ? $0 + $1 : $0 < $1 ? $0 : $1 }
  case .greater: { $0 > $1 ? 1 : 0 }
  case .negate, .exponential, .logarithm, .squareRoot, .reciprocal, .absolute, .sign, .square, .relu, .gelu, .geluDerivative, .tanh,
    .sigmoid, .constant, .broadcast, .sum, .transpose, .reshape, .slice, .pad, .concatenate, .diagonal, .matmul, .product,
    .softmaxCrossEntropy, .softmaxCrossEntropyGradient, .layerNorm, .layerNormGradient, .batchNorm, .batchNormGradient, .batchNormFactors,
    .dropout, .patches,
    .patchesGradient, .convolution, .convolutionInputGradient, .convolutionWeightGradient, .maxPool, .maxPoolGradient, .averagePool,
    .averagePoolGradient, .channelsLast, .channelsFirst,
    .norm, .singularValues, .orthonormalize, .randomNormal, .randomUniform, .map, .valueAndGradient:
    throw ReferenceError("\(opcode.rawValue) is not a binary op")
  }
}

/// Combines two tensors of one shape, or a scalar with every element of the other.
func combine(_ left: ReferenceTensor, _ right: ReferenceTensor, _ function: (Double, Double) -> Double) -> ReferenceTensor {
  if left.shape == right.shape { return ReferenceTensor(shape: left.shape, values: zip(left.values, right.values).map(function)) }
  if right.shape.isEmpty { return left.map { function($0, right.values[0]) } }
  return right.map { function(left.values[0], $0) }
}
