/// Attention by scaled dot products (Vaswani et al., 2017, "Attention is all you need", equation 1) with heads that share keys and values
/// (Ainslie et al., 2023) and rotary embeddings (Su et al., 2021) in the convention of two halves: columns i and i + d/2 of a head at
/// position t turn by the angle t base^(-2i/d).
///
/// The value of a sequence is the matrix of its positions; row b*T + t is position t of sequence b. Scores are never stored: the gradient
/// computes them again, and their probabilities by the logarithms of the sums (Dao et al., 2022, "FlashAttention").
extension OpSpec {
  private static let attributes = [
    AttributeSpec("causal", .boolean(false), "Whether a position sees itself and those before it only."),
    AttributeSpec("groups", .integer(0), "Heads G of keys and values; H is a multiple of it."),
    AttributeSpec("heads", .integer(0), "Heads H of the queries; head h goes with number h / (H / G) of keys and values."),
    AttributeSpec("length", .integer(0), "Positions T of a sequence."),
    AttributeSpec("rotary", .number(0), "The base of the rotary embedding of queries and keys, at least 1, with d even; 0 for none."),
    AttributeSpec("scale", .number(0), "The factor on the products of queries and keys, usually 1 / sqrt d."),
  ]

  static let attention = define(
    .attention,
    "Attention of queries (B*T x H*d) to keys and values (B*T x G*d), head by head: softmax(scale Q K^T) V, and the logarithms of the sums of exponentials (B*H x T). "
      + "With lengths (i32, B), later positions of a sequence are not seen, and their own rows are 0; a length outside 0 to T counts as the nearest.",
    arity: .between(3, 4), attributes: attributes,
    gradient: .rule { (b: inout Builder, request: GradientRequest) throws(IRError) -> [Value?] in
      let operation = request.operation
      let lengths = Array(operation.operands.dropFirst(3))
      guard let dy = try request.onlyFirstGradient() else { return request.wanted.map { _ in nil } }
      let operands = [dy] + operation.operands.prefix(3) + operation.results + lengths
      return try b.emit(.attentionGradient, operands, operation.attributes) + lengths.map { _ in nil }
    },
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      let (shape, logarithms) = try attended(request, .forward)
      return [.f32([Dimension(shape.rows), Dimension(shape.heads * shape.size)]), logarithms]
    })

  static let attentionGradient = define(
    .attentionGradient,
    "The gradients of attention by queries (B*T x H*d), keys and values (B*T x G*d), from that of the result, queries, keys, values, the result, the logarithms and, where they were given, the lengths.",
    arity: .between(6, 7), attributes: attributes, gradient: .undefined("gradients of gradients are not taken"),
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      let (shape, logarithms) = try attended(request, .gradient)
      let queries = request.operands[1]
      try request.require(0, is: queries, because: "as gradient of the attention of \(queries.message)")
      try request.require(4, is: queries, because: "as attention of \(queries.message)")
      try request.require(5, is: logarithms, because: "as logarithms of the attention of \(queries.message)")
      return [queries, shape.keys, shape.keys]
    })

  /// The extents, and the type of the logarithms, with those of keys, values and lengths as required.
  private static func attended(_ request: InferenceRequest, _ op: AttendOp) throws(IRError) -> (AttentionShape, TensorType) {
    let queries = op.queries
    let message = request.operands[queries].message
    let shape = try AttentionShape(request.attributes, queries: try request.shape(queries, rank: 2), message: message)
    try request.require(queries + 1, is: shape.keys, because: "as keys of queries \(message)")
    try request.require(queries + 2, is: shape.keys, because: "as values of queries \(message)")
    _ = try request.number("scale", in: -Double.greatestFiniteMagnitude..<Double.infinity)
    if let place = op.lengths, request.operands.count > place {
      try request.require(place, is: TensorType(.i32, [Dimension(shape.batch)]), because: "as lengths of the sequences of \(message)")
    }
    guard let logarithms = shape.logarithms else { throw IRError("\(shape.heads) heads of \(message) are too many") }
    return (shape, logarithms)
  }
}
