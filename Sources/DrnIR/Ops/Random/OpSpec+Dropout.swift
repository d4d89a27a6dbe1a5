extension OpSpec {
  /// Element i in row-major order is kept where u >= rate, with u as in `random_uniform`; kept elements are divided by 1 - rate.
  static let dropout = define(
    .dropout,
    "Sets each element of x to zero with the given rate and divides the others by 1 - rate; the mask depends on key, stream and index only.",
    arity: .exactly(2),
    attributes: [
      AttributeSpec("rate", .number(0), "The probability of zero, in [0, 1)."),
      AttributeSpec("stream", .string(""), "The name of the stream of random numbers."),
    ],
    gradient: .single { (b: inout Builder, operation: Operation, dy: Value, _: [Bool]) throws(IRError) -> [Value?] in
      [try b.emitOne(.dropout, [dy, operation.operands[1]], operation.attributes), nil]
    },
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      let shape = try request.shape(0)
      try request.require(1, is: randomKey, because: "as the random key")
      _ = try request.number("rate", in: 0..<1)
      return [.f32(shape)]
    })

  /// The type of a random key.
  static let randomKey = TensorType(.u64, [])
}
