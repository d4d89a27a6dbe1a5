extension OpSpec {
  static let product = define(
    .product, "The product of three or more matrices, each transposed where said; its order is chosen when ranks are known.",
    arity: .atLeast(3),
    attributes: [AttributeSpec("transposes", .booleans([]), "For each operand, whether it enters transposed.")],
    gradient: .single { (b: inout Builder, operation: Operation, dy: Value, wanted: [Bool]) throws(IRError) -> [Value?] in
      let transposes = operation.attributes.booleans("transposes") ?? []
      let factors = zip(operation.operands, transposes).map { Factor(value: $0, isTransposed: $1) }
      var gradients: [Value?] = []
      for index in factors.indices { gradients.append(wanted[index] ? try gradient(of: index, in: factors, dy, &b) : nil) }
      return gradients
    },
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      let shapes = try factorShapes(request)
      for (factor, next) in zip(shapes, shapes.dropFirst()) { try factor.requireMatch(next) }
      guard let first = shapes.first, let last = shapes.last else { throw IRError("no operands") }
      return [.f32([first.rows, last.columns])]
    })

  private struct Factor {
    let value: Value
    let isTransposed: Bool
    var transposed: Factor { Factor(value: value, isTransposed: !isTransposed) }
  }

  /// With C = P0 ... Pn the gradient of Pi is P(i-1)^T ... P0^T dC Pn^T ... P(i+1)^T; an operand that entered transposed has the
  /// transpose of that.
  private static func gradient(of index: Int, in factors: [Factor], _ dy: Value, _ b: inout Builder) throws(IRError) -> Value {
    let before = factors[..<index].reversed().map(\.transposed)
    let after = factors[(index + 1)...].reversed().map(\.transposed)
    var chain = before + [Factor(value: dy, isTransposed: false)] + after
    if factors[index].isTransposed { chain = chain.reversed().map(\.transposed) }
    return try b.product(chain.map(\.value), transposes: chain.map(\.isTransposed))
  }

  private static func factorShapes(_ request: InferenceRequest) throws(IRError) -> [MatrixShape] {
    let transposes = request.attributes.booleans("transposes") ?? []
    guard transposes.count == request.operands.count else {
      throw IRError("attribute transposes has \(transposes.count) entries for \(request.operands.count) operands")
    }
    var shapes: [MatrixShape] = []
    for (index, isTransposed) in transposes.enumerated() { shapes.append(try request.matrix(index, isTransposed: isTransposed)) }
    return shapes
  }
}
