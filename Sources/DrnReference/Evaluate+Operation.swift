import DrnIR

extension Evaluation {
  /// The results of one operation.
  func evaluate(_ operation: Operation, _ operands: [ReferenceTensor], _ function: Function) throws(ReferenceError) -> [ReferenceTensor] {
    let shapes = operation.results.map { function.type(of: $0).extents ?? [] }
    let shape = shapes.first ?? []
    let attributes = operation.attributes
    switch operation.opcode {
    case .negate, .exponential, .logarithm, .squareRoot, .reciprocal, .absolute, .sign, .square, .relu, .gelu, .geluDerivative, .tanh,
      .sigmoid:
      return [operands[0].map(try unaryFunction(operation.opcode))]
    case .add, .subtract, .multiply, .divide, .maximum, .minimum, .greater:
      return [combine(operands[0], operands[1], try binaryFunction(operation.opcode))]
    case .constant: return [ReferenceTensor(shape: shape, repeating: attributes.number("value") ?? 0)]
    case .broadcast: return [broadcast(operands[0], to: shape, axes: attributes.integers("axes") ?? [])]
    case .sum: return [sum(operands[0], to: shape, axes: attributes.integers("axes") ?? [])]
    case .norm: return [ReferenceTensor(operands.reduce(0) { $1.values.reduce($0) { $0 + $1 * $1 } }.squareRoot())]
    case .transpose: return [operands[0].transposed]
    case .reshape: return [ReferenceTensor(shape: shape, values: operands[0].values)]
    case .slice: return [slice(operands[0], to: shape, starts: try extents(attributes, "starts"))]
    case .pad: return [pad(operands[0], to: shape, starts: try extents(attributes, "starts"))]
    case .concatenate: return [concatenate(operands, to: shape, axis: attributes.integer("axis") ?? 0)]
    case .diagonal: return [diagonal(operands[0])]
    case .matmul: return try matmul(operation, operands)
    case .product: return [product(operands, transposes: attributes.booleans("transposes") ?? [])]
    case .softmaxCrossEntropy: return [try CrossEntropy(operands, weights: 2, attributes).loss]
    case .softmaxCrossEntropyGradient:
      return [try CrossEntropy(operands, weights: 3, attributes).gradient(operands[2].values[0])]
    case .layerNorm: return layerNorm(operands, epsilon: attributes.number("epsilon") ?? 0)
    case .layerNormGradient: return layerNormGradient(operands)
    case .batchNorm: return try batchNorm(operation, operands)
    case .batchNormGradient: return try batchNormGradient(operation, operands)
    case .batchNormFactors: return batchNormFactors(operation, operands)
    case .patches: return [try patches(operands[0], to: shape, attributes)]
    case .patchesGradient: return [try patchesGradient(operands[0], to: shape, attributes)]
    case .convolution: return [try convolution(try withPrologue(operation, operands), to: shape, attributes)]
    case .convolutionInputGradient: return [try convolutionInputGradient(operands, to: shape, attributes)]
    case .convolutionWeightGradient: return [try convolutionWeightGradient(try withPrologue(operation, operands), to: shape, attributes)]
    case .maxPool: return [try maxPool(operands[0], to: shape, attributes)]
    case .maxPoolGradient: return [try maxPoolGradient(operands, attributes)]
    case .averagePool: return [try averagePool(operands[0], to: shape, attributes)]
    case .averagePoolGradient: return [try averagePoolGradient(operands[0], to: shape, attributes)]
    case .channelsLast: return [reorder(operands[0], to: shape, axes: [0, 2, 3, 1])]
    case .channelsFirst: return [reorder(operands[0], to: shape, axes: [0, 3, 1, 2])]
    case .dropout: return [dropout(operands[0], try stream(operands[1], attributes), rate: attributes.number("rate") ?? 0)]
    case .randomUniform: return [uniform(shape, try stream(operands[0], attributes), limit: attributes.number("limit") ?? 0)]
    case .randomNormal: return [normal(shape, try stream(operands[0], attributes), deviation: attributes.number("deviation") ?? 0)]
    case .singularValues:
      let (u, s, vt) = singularValueDecomposition(operands[0])
      return [u, s, vt]
    case .orthonormalize: return [orthonormalFactor(operands[0])]
    case .map: return try map(operation, operands, shape)
    case .valueAndGradient: throw ReferenceError("value_and_gradient is not evaluated; the gradient pass replaces it")
    }
  }

  private func extents(_ attributes: Attributes, _ name: String) throws(ReferenceError) -> [Int] {
    let dimensions = attributes.dimensions(name) ?? []
    let values = dimensions.compactMap(\.value)
    guard values.count == dimensions.count else { throw ReferenceError("attribute \(name) is symbolic") }
    return values
  }
}
