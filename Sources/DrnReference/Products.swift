import DrnIR

/// The product of two matrices.
func multiply(_ left: ReferenceTensor, _ right: ReferenceTensor) -> ReferenceTensor {
  let (rows, inner, columns) = (left.rows, left.columns, right.columns)
  // Held apart from the tensor so that the inner loop updates an array and not a property.
  var values = Array(repeating: 0.0, count: rows * columns)
  for row in 0..<rows {
    for index in 0..<inner {
      let factor = left.values[row * inner + index]
      for column in 0..<columns { values[row * columns + column] += factor * right.values[index * columns + column] }
    }
  }
  return ReferenceTensor(shape: [rows, columns], values: values)
}

/// The product of matrices from left to right, each transposed where said; of factors rounded to half their width where `isHalf` says so.
func product(_ operands: [ReferenceTensor], transposes: [Bool], isHalf: Bool) -> ReferenceTensor {
  let factors = zip(operands, transposes).map { $1 ? $0.transposed : $0 }
  return factors.dropFirst().reduce(factors[0]) { isHalf ? multiply($0.map(nearestHalf), $1.map(nearestHalf)) : multiply($0, $1) }
}

extension Evaluation {
  /// Whether a product multiplies in half width: one of its matrices has it.
  func isHalf(_ operation: Operation, _ function: Function) -> Bool {
    operation.operands.contains { function.type(of: $0).element == .bf16 }
  }

  func matmul(_ operation: Operation, _ operands: [ReferenceTensor], isHalf: Bool) throws(ReferenceError) -> [ReferenceTensor] {
    let attributes = operation.attributes
    let transposes = [attributes.boolean("transpose_left") ?? false, attributes.boolean("transpose_right") ?? false]
    let result = product(Array(operands.prefix(2)), transposes: transposes, isHalf: isHalf)
    guard attributes["epilogue"] != nil else { return [result] }
    return try applyFused("epilogue", of: operation, to: result, extras: operands.dropFirst(2))
  }

  /// Applies the scalar function of an attribute to every element of a tensor and the matching ones of the extra operands.
  func applyFused(
    _ attribute: String, of operation: Operation, to tensor: ReferenceTensor, extras: ArraySlice<ReferenceTensor>
  ) throws(ReferenceError) -> [ReferenceTensor] {
    let kinds = [OperandKind.full.rawValue] + (operation.attributes.integers("kinds") ?? [])
    return try apply(try function(operation, attribute), to: [tensor] + extras, kinds: kinds, shape: tensor.shape)
  }

  /// The own operands of a convolution or of its gradient by the weight, the image as its prologue gives it.
  func withPrologue(_ operation: Operation, _ operands: [ReferenceTensor]) throws(ReferenceError) -> [ReferenceTensor] {
    guard operation.attributes["prologue"] != nil else { return operands }
    return try applyFused("prologue", of: operation, to: operands[0], extras: operands.dropFirst(2)) + [operands[1]]
  }

  func map(_ operation: Operation, _ operands: [ReferenceTensor], _ shape: [Int]) throws(ReferenceError) -> [ReferenceTensor] {
    let kinds = operation.attributes.integers("kinds") ?? []
    return try apply(try function(operation, "body"), to: operands, kinds: kinds, shape: shape)
  }

  /// Applies a scalar function at every place of the result.
  private func apply(
    _ body: Function, to operands: [ReferenceTensor], kinds: [Int], shape: [Int]
  ) throws(ReferenceError) -> [ReferenceTensor] {
    let inner = Evaluation(module: module, depth: depth + 1)
    var results = body.results.map { _ in ReferenceTensor(shape: shape, repeating: 0) }
    for place in 0..<shape.reduce(1, *) {
      let arguments = zip(operands, kinds).map { ReferenceTensor($0.values[position(of: place, kind: $1, shape: shape)]) }
      for (index, value) in try inner.results(of: body, arguments).enumerated() { results[index].values[place] = value.values[0] }
    }
    return results
  }

  /// Where an operand of that kind keeps the value for a place of the result.
  private func position(of place: Int, kind: Int, shape: [Int]) -> Int {
    switch OperandKind(rawValue: kind) {
    case .full: place
    case .scalar, nil: 0
    case .row: place % (shape.last ?? 1)
    case .column: place / (shape.last ?? 1)
    }
  }
}
