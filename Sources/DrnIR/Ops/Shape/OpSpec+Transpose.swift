extension OpSpec {
  static let transpose = define(
    .transpose, "The transpose of a matrix: m x n gives n x m.", arity: .exactly(1),
    gradient: .single { (b: inout Builder, _: Operation, dy: Value, _: [Bool]) throws(IRError) -> [Value?] in [try b.transpose(dy)] },
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      let shape = try request.shape(0, rank: 2)
      return [.f32([shape[1], shape[0]])]
    })

  static let diagonal = define(
    .diagonal, "The n x n matrix with a vector of n elements on its diagonal and zeros elsewhere.", arity: .exactly(1),
    gradient: .single { (b: inout Builder, operation: Operation, dy: Value, _: [Bool]) throws(IRError) -> [Value?] in
      let identity = try b.diagonal(try b.constant(1, shape: b.shape(of: operation.operands[0])))
      return [try b.sum(try b.multiply(dy, identity), axes: [1])]
    },
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      let shape = try request.shape(0, rank: 1)
      return [.f32([shape[0], shape[0]])]
    })
}
