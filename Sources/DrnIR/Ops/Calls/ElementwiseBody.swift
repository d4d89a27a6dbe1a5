/// How an operand of `map`, or an extra operand of `matmul`, meets the elements of the result.
public enum OperandKind: Int, Sendable, Hashable, CaseIterable {
  /// One value per element.
  case full = 0
  /// One value for all elements.
  case scalar = 1
  /// One value per column, repeated down the rows: one for each entry of the last axis.
  case row = 2
  /// One value per row, repeated along the columns.
  case column = 3
}

/// Where an op that is no map carries a scalar function: a function of one of its own elements and of extra operands.
public struct FusedFunctionPlace: Sendable, Hashable {
  /// The attribute that names the function.
  public let attribute: String
  /// The operands before the extra ones.
  public let ownOperands: Int
}

extension Opcode {
  /// Where an operation of this op carries a scalar function; `nil` for ops that carry none, and for `map`, which is nothing else.
  public var fusedFunctionPlace: FusedFunctionPlace? {
    switch self {
    case .matmul: FusedFunctionPlace(attribute: "epilogue", ownOperands: 2)
    case .normalize(.batchNorm): FusedFunctionPlace(attribute: "epilogue", ownOperands: 3)
    case .normalize(.batchNormGradient): FusedFunctionPlace(attribute: "prologue", ownOperands: 5)
    case .convolve(.forward), .convolve(.weightGradient): FusedFunctionPlace(attribute: "prologue", ownOperands: 2)
    case .unary, .binary, .narrow, .constant, .reshape, .move, .reduce, .product, .loss, .normalize, .random, .magnitude, .token,
      .attend, .window, .convolve, .factorize, .map, .valueAndGradient:
      nil
    }
  }
}

extension OpSpec {
  static let extraKinds = AttributeSpec(
    "kinds", .integers([]), required: false,
    "For each extra operand: 0 full, 1 scalar, 2 row vector (one value per column), 3 column vector (one value per row).")
}

extension InferenceRequest {
  /// The scalar function an attribute names, held against one element and the operands from `first` on; `nil` where there is none, and
  /// then neither such operands nor kinds may be.
  func fusedFunction(_ attribute: String, extrasFrom first: Int, shape: [Dimension]) throws(IRError) -> Function? {
    guard let name = attributes.function(attribute) else {
      guard operands.count == first, attributes["kinds"] == nil else {
        throw IRError("\(operands.count) operands where \(first) are needed, without kinds, as there is no \(attribute)")
      }
      return nil
    }
    let body = try scalarFunction(name, arguments: operands.count - first + 1)
    try requireKinds(attributes.integers("kinds") ?? [], from: first, shape: shape)
    return body
  }

  /// The function of that name, which takes so many `f32` scalars and gives only `f32` and `bf16` scalars.
  func scalarFunction(_ name: String, arguments: Int) throws(IRError) -> Function {
    guard let body = function(name) else { throw IRError("the module has no function @\(name)") }
    guard body.arguments.count == arguments else {
      throw IRError("@\(name) takes \(body.arguments.count) arguments where \(arguments) are needed")
    }
    for port in body.arguments where body.knownType(of: port.value) != .scalar {
      throw IRError("\(port.name) of @\(name) is \(body.knownType(of: port.value)?.message ?? "undefined") where an f32 scalar is needed")
    }
    for port in body.results where ![.scalar, TensorType(.bf16, [])].contains(body.knownType(of: port.value)) {
      throw IRError("\(port.name) of @\(name) is \(body.knownType(of: port.value)?.message ?? "undefined") where a scalar is needed")
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
    case .row:
      guard shape.count >= 2, let columns = shape.last else {
        throw IRError("a row operand needs a result with at least 2 axes, not \(shape.message)")
      }
      return .f32([columns])
    case .column:
      guard shape.count == 2 else { throw IRError("a column operand needs a result with 2 axes, not \(shape.message)") }
      return .f32([shape[0]])
    }
  }
}

extension Function {
  /// Tensors of that shape, one for each result of a scalar function.
  func resultTypes(_ shape: [Dimension]) -> [TensorType] { results.map { TensorType(type(of: $0.value).element, shape) } }

  /// The type of a value, or `nil` where the function has no such value.
  func knownType(of value: Value) -> TensorType? {
    values.indices.contains(Int(value.index)) ? values[Int(value.index)].type : nil
  }
}
