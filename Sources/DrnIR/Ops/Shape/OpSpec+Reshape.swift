extension OpSpec {
  static let reshape = define(
    .reshape, "The same elements in row-major order under another shape of equal element count.", arity: .exactly(1),
    attributes: [AttributeSpec("shape", .dimensions([]), "The shape of the result.")],
    gradient: .single { (b: inout Builder, operation: Operation, dy: Value, _: [Bool]) throws(IRError) -> [Value?] in
      [try b.reshape(dy, to: b.shape(of: operation.operands[0]))]
    },
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      let shape = try request.dimensions("shape")
      guard let new = ElementCount(shape), let old = ElementCount(try request.shape(0)), new == old else {
        throw IRError("operand \(request.operands[0].message) and shape \(shape.message) are not known to have equally many elements")
      }
      return [.f32(shape)]
    })
}

/// The element count of a shape as a number times symbolic factors; equal values mean equal counts whatever the ranks.
private struct ElementCount: Equatable {
  var number = 1
  /// Extents with their common divisor taken out, and how often each occurs.
  var factors: [Dimension: Int] = [:]

  /// `nil` past `Int.max`.
  init?(_ shape: [Dimension]) {
    for dimension in shape {
      let divisor = dimension.terms.reduce(dimension.constant.magnitude) { greatestCommonDivisor($0, $1.coefficient.magnitude) }
      guard let content = Int(exactly: divisor) else { return nil }
      let (product, overflow) = number.multipliedReportingOverflow(by: content)
      if overflow { return nil }
      number = product
      if !dimension.terms.isEmpty, let rest = dimension.quotient(by: content) { factors[rest, default: 0] += 1 }
    }
  }
}

private func greatestCommonDivisor(_ left: UInt, _ right: UInt) -> UInt {
  var (left, right) = (left, right)
  while right != 0 { (left, right) = (right, left % right) }
  return left
}
