import DrnIR

extension KernelPreparation {
  /// Appends the steps of one operation. Every op has a kernel or an error here; there is no default.
  mutating func prepare(_ call: Call) throws(ExecutionError) {
    switch call.operation.opcode {
    case .unary, .binary: try prepareElementwise(call)
    case .narrow: try prepareNarrow(call)
    case .map: try prepareMap(call)
    case .constant: try prepareConstant(call)
    case .reshape: try prepareReshape(call)
    case .move(let op): try prepare(op, call)
    case .reduce(let op): try prepare(op, call)
    case .matmul: try prepareMatmul(call)
    case .loss(let op): try prepare(op, call)
    case .normalize(let op): try prepare(op, call)
    case .random(let op): try prepare(op, call)
    case .magnitude(let op): try prepare(op, call)
    case .token(let op): try prepare(op, call)
    case .attend(let op): try prepare(op, call)
    case .window(let op): try prepare(op, call)
    case .convolve(let op): try prepare(op, call)
    case .factorize(let op): try prepare(op, call)
    case .product: throw call.unsupported("the order of multiplication has not been chosen")
    case .valueAndGradient: throw call.unsupported("the gradient has not been expanded")
    }
  }
}
