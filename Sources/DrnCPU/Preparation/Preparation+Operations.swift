import DrnIR

extension Preparation {
  /// Appends the steps of one operation. Every op has a kernel or an error here; there is no default.
  mutating func prepare(_ call: Call) throws(ExecutionError) {
    switch call.operation.opcode {
    case .negate, .exponential, .logarithm, .squareRoot, .reciprocal, .absolute, .sign, .square, .relu, .gelu, .geluDerivative, .tanh,
      .sigmoid, .add, .subtract, .multiply, .divide, .maximum, .minimum, .greater:
      try prepareElementwise(call)
    case .map: try prepareMap(call)
    case .constant: try prepareConstant(call)
    case .matmul: try prepareMatmul(call)
    case .broadcast: try prepareBroadcast(call)
    case .sum: try prepareSum(call)
    case .norm: try prepareNorm(call)
    case .transpose: try prepareTranspose(call)
    case .reshape: try prepareReshape(call)
    case .slice: try prepareSlice(call)
    case .pad: try preparePad(call)
    case .concatenate: try prepareConcatenate(call)
    case .diagonal: try prepareDiagonal(call)
    case .softmaxCrossEntropy: try prepareCrossEntropy(call)
    case .softmaxCrossEntropyGradient: try prepareCrossEntropyGradient(call)
    case .layerNorm: try prepareLayerNorm(call)
    case .layerNormGradient: try prepareLayerNormGradient(call)
    case .batchNorm: try prepareBatchNorm(call)
    case .batchNormGradient: try prepareBatchNormGradient(call)
    case .batchNormFactors: try prepareBatchNormFactors(call)
    case .dropout: try prepareDropout(call)
    case .randomNormal: try prepareRandom(call, extent: "deviation")
    case .randomUniform: try prepareRandom(call, extent: "limit")
    case .singularValues: try prepareSingularValues(call)
    case .orthonormalize: try prepareOrthonormalize(call)
    case .patches: try preparePatches(call)
    case .patchesGradient: try preparePatchesGradient(call)
    case .convolution: try prepareConvolution(call)
    case .convolutionInputGradient: try prepareConvolutionInputGradient(call)
    case .convolutionWeightGradient: try prepareConvolutionWeightGradient(call)
    case .maxPool: try prepareMaxPool(call)
    case .maxPoolGradient: try prepareMaxPoolGradient(call)
    case .averagePool: try prepareAveragePool(call)
    case .averagePoolGradient: try prepareAveragePoolGradient(call)
    case .channelsLast: try prepareChannelsLast(call)
    case .channelsFirst: try prepareChannelsFirst(call)
    case .product: throw call.unsupported("the order of multiplication has not been chosen")
    case .valueAndGradient: throw call.unsupported("the gradient has not been expanded")
    }
  }
}
