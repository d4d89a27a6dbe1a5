/// The logarithm of the softmax.
extension OpSpec {
  static let logSoftmax = define(
    .logSoftmax, "y = x - log(sum of e^x over each row) of x (B x D): the logarithms of the softmax of the rows.", arity: .exactly(1),
    gradient: .rule { (b: inout Builder, request: GradientRequest) throws(IRError) -> [Value?] in
      guard let dy = try request.onlyFirstGradient() else { return [nil] }
      let y = request.operation.results[0]
      let shape = b.type(of: y).shape
      // dx = dy - softmax(x) * (the sum of dy over the row)
      let sums = try b.broadcast(try b.sum(dy, axes: [1]), to: shape, axes: [0])
      return [try b.subtract(dy, try b.multiply(try b.emitOne(.exponential, [y]), sums))]
    },
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in [.f32(try request.shape(0, rank: 2))] })
}
