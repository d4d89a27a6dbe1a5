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
    operations: { request in smallestProductCost(request) },
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

  /// The cost of the cheapest order of multiplication, by the matrix chain recurrence
  /// (Cormen, Leiserson, Rivest and Stein, "Introduction to Algorithms", section on matrix-chain multiplication).
  private static func smallestProductCost(_ request: InferenceRequest) -> Int {
    guard let shapes = try? factorShapes(request), let first = shapes.first?.rows.value else { return 0 }
    let extents = [first] + shapes.map { $0.columns.value ?? 0 }
    var cost = Array(repeating: Array(repeating: 0, count: shapes.count), count: shapes.count)
    for length in 1..<shapes.count {
      for start in 0..<(shapes.count - length) {
        let end = start + length
        cost[start][end] =
          (start..<end).map { split in
            let last = Cost.multiply(2, extents[start], extents[split + 1], extents[end + 1])
            return Cost.add(last, Cost.add(cost[start][split], cost[split + 1][end]))
          }.min() ?? 0
      }
    }
    return cost[0][shapes.count - 1]
  }
}
