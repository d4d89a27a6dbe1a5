/// How an operand of `map`, or an extra operand of `matmul`, meets the elements of the result.
public enum OperandKind: Int, Sendable, Hashable, CaseIterable {
  /// One value per element.
  case full = 0
  /// One value for all elements.
  case scalar = 1
  /// One value per column, repeated down the rows.
  case row = 2
  /// One value per row, repeated along the columns.
  case column = 3
}

extension InferenceRequest {
  /// The function of that name, which takes so many `f32` scalars and gives only `f32` scalars.
  func scalarFunction(_ name: String, arguments: Int) throws(IRError) -> Function {
    guard let body = function(name) else { throw IRError("the module has no function @\(name)") }
    guard body.arguments.count == arguments else {
      throw IRError("@\(name) takes \(body.arguments.count) arguments where \(arguments) are needed")
    }
    for port in body.arguments + body.results {
      guard let type = body.knownType(of: port.value), type == .scalar else {
        throw IRError("\(port.name) of @\(name) is \(body.knownType(of: port.value)?.message ?? "undefined") where an f32 scalar is needed")
      }
    }
    return body
  }

  /// Holds the operands from index `first` on against their kinds and the shape of the result.
  func requireKinds(_ kinds: [Int], from first: Int, shape: [Dimension]) throws(IRError) {
    guard kinds.count == operands.count - first else {
      throw IRError("attribute kinds has \(kinds.count) entries for \(operands.count - first) operands")
    }
    for (offset, number) in kinds.enumerated() {
      guard let kind = OperandKind(rawValue: number) else { throw IRError("attribute kinds has \(number), which is not 0, 1, 2 or 3") }
      try require(first + offset, is: try kind.type(in: shape), because: "as a \(kind) operand of a result \(shape.message)")
    }
  }
}

extension OperandKind {
  /// The type of an operand of this kind where the result has the given shape.
  public func type(in shape: [Dimension]) throws(IRError) -> TensorType {
    switch self {
    case .full: return .f32(shape)
    case .scalar: return .scalar
    case .row, .column:
      guard shape.count == 2 else { throw IRError("a \(self) operand needs a result with 2 axes, not \(shape.message)") }
      return .f32([self == .row ? shape[1] : shape[0]])
    }
  }
}

extension Function {
  /// The arithmetic of a scalar function for one element. A `map` inside, which could call the function again, counts nothing.
  var elementCost: Int {
    operations.reduce(0) { sum, operation in
      let spec = operation.opcode.spec
      guard spec.isElementwise, operation.opcode != .map else { return sum }
      let types = operation.operands.compactMap { knownType(of: $0) }
      return Cost.add(sum, spec.operations(InferenceRequest(operands: types, attributes: operation.attributes)))
    }
  }

  /// The type of a value, or `nil` where the function has no such value.
  func knownType(of value: Value) -> TensorType? {
    values.indices.contains(Int(value.index)) ? values[Int(value.index)].type : nil
  }
}
