import DrnIR

/// The straight line of a function, operation by operation.
struct FunctionTranslation {
  private let function: Function
  private var builder = HLOBuilder()
  private var values: [Value: HLOValue] = [:]

  /// The arguments and results by their names in the text, in order; results are there after `translate`.
  let arguments: [HLOValue]
  private(set) var results: [HLOValue] = []
  /// The operations.
  var lines: [String] { builder.lines }

  init(_ function: Function) {
    self.function = function
    arguments = function.arguments.enumerated().map { index, port in
      HLOValue(name: "%arg\(index)", type: HLOType(function.type(of: port.value)))
    }
    for (port, value) in zip(function.arguments, arguments) { values[port.value] = value }
  }

  mutating func translate() throws(TranslationError) {
    for operation in function.operations {
      if let reason = operation.opcode.reasonUntold { throw TranslationError(reason, location: operation.location) }
      var operands: [HLOValue] = []
      for operand in operation.operands { operands.append(try value(operand)) }
      let made = try builder.translate(OperationTranslation(operation, operands, function))
      guard made.map(\.type) == operation.results.map({ HLOType(function.type(of: $0)) }) else {
        throw TranslationError("`\(operation.opcode.mnemonic)` has other results in StableHLO", location: operation.location)
      }
      for (result, value) in zip(operation.results, made) { values[result] = value }
    }
    for port in function.results { results.append(try value(port.value)) }
  }

  private func value(_ value: Value) throws(TranslationError) -> HLOValue {
    guard let found = values[value] else { throw TranslationError("a value of @\(function.name) is read before it is made") }
    return found
  }
}

extension HLOType {
  /// A concrete type of the IR.
  init(_ type: TensorType) {
    switch type.element {
    case .f32: self.init(.f32, type.extents ?? [])
    case .bf16: self.init(.bf16, type.extents ?? [])
    case .i32: self.init(.i32, type.extents ?? [])
    case .u64: self.init(.ui64, type.extents ?? [])
    }
  }
}

/// One operation of the IR with what it is given in the text.
struct OperationTranslation {
  let operation: DrnIR.Operation
  let operands: [HLOValue]
  private let function: Function

  init(_ operation: DrnIR.Operation, _ operands: [HLOValue], _ function: Function) {
    (self.operation, self.operands, self.function) = (operation, operands, function)
  }

  var attributes: Attributes { operation.attributes }
  /// The shape of the first result.
  var shape: [Int] { operation.results.first.flatMap { function.type(of: $0).extents } ?? [] }
  var attention: AttentionShape? { AttentionShape(operation, function) }
  var cachedAttention: CachedAttentionShape? { CachedAttentionShape(operation, function) }

  /// Whole numbers of the attributes, symbolic ones having been replaced.
  func extents(_ name: String) -> [Int] { attributes.dimensions(name)?.compactMap(\.value) ?? [] }

  /// An error at the operation.
  func error(_ message: String) -> TranslationError {
    TranslationError("`\(operation.opcode.mnemonic)` \(message)", location: operation.location)
  }
}

extension HLOBuilder {
  /// What an operation of the IR is in StableHLO.
  mutating func translate(_ given: OperationTranslation) throws(TranslationError) -> [HLOValue] {
    let operands = given.operands
    switch given.operation.opcode {
    case .unary(let op): return [translate(op, operands[0])]
    case .binary(let op): return [translate(op, operands[0], operands[1])]
    case .narrow: return [convert(operands[0], .bf16)]
    case .constant: return [constant(given.attributes.number("value") ?? 0, given.shape)]
    case .reshape: return [reshape(operands[0], given.shape)]
    case .move(let op): return [translate(op, given)]
    case .reduce(let op): return [translate(op, given)]
    case .matmul: return [product(given)]
    case .loss(let op): return [translate(op, given)]
    case .normalize(let op): return translate(op, given)
    case .random(let op): return [try translate(op, given)]
    case .magnitude(let op): return [try translate(op, given)]
    case .token(let op): return [translate(op, given)]
    case .attend(let op): return try translate(op, given)
    case .window(let op): return [try translate(op, given)]
    case .convolve(let op): return [try translate(op, given)]
    case .product, .map, .valueAndGradient, .factorize: throw given.error("stands in no step")
    }
  }
}
