import DrnIR

extension Evaluation {
  /// The results of one operation.
  func evaluate(_ operation: Operation, _ operands: [ReferenceTensor], _ function: Function) throws(ReferenceError) -> [ReferenceTensor] {
    let shape = operation.results.first.flatMap { function.type(of: $0).extents } ?? []
    let attributes = operation.attributes
    switch operation.opcode {
    case .unary(let op): return [operands[0].map(referenceFunction(of: op))]
    case .binary(let op): return [combine(operands[0], operands[1], referenceFunction(of: op))]
    case .narrow: return [operands[0].map(nearestHalf)]
    case .constant: return [ReferenceTensor(shape: shape, repeating: attributes.number("value") ?? 0)]
    case .reshape: return [ReferenceTensor(shape: shape, values: operands[0].values)]
    case .move(let op): return [try evaluate(op, operands, to: shape, attributes)]
    case .reduce(let op): return [evaluate(op, operands, to: shape, attributes)]
    case .matmul: return try matmul(operation, operands, isHalf: isHalf(operation, function))
    case .product:
      return [product(operands, transposes: attributes.booleans("transposes") ?? [], isHalf: isHalf(operation, function))]
    case .loss(let op): return [try evaluate(op, operands, attributes)]
    case .normalize(let op): return try evaluate(op, operation, operands)
    case .random(let op): return [try evaluate(op, operands, to: shape, attributes)]
    case .magnitude(let op): return [evaluate(op, operands[0], attributes)]
    case .token(let op): return [evaluate(op, operands, to: shape)]
    case .attend(let op): return try evaluate(op, operation, operands, function)
    case .window(let op): return [try evaluate(op, operands, to: shape, attributes)]
    case .convolve(let op): return [try evaluate(op, operation, operands, to: shape)]
    case .factorize(let op): return evaluate(op, operands[0])
    case .map: return try map(operation, operands, shape)
    case .valueAndGradient: throw ReferenceError("value_and_gradient is not evaluated; the gradient pass replaces it")
    }
  }
}
