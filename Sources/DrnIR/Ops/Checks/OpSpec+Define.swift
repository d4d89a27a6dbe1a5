extension OpSpec {
  /// A specification whose inference first holds the request against the arity and the attributes declared here, so that the op's own
  /// rule may index its operands.
  static func define(
    _ opcode: Opcode, _ summary: String, arity: Arity, attributes: [AttributeSpec] = [], domain: OperandDomain = .everywhere,
    gradient: Gradient, infer: @escaping @Sendable (InferenceRequest) throws(IRError) -> [TensorType]
  ) -> OpSpec {
    OpSpec(
      opcode, summary: summary, arity: arity, attributes: attributes, domain: domain,
      infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
        try arity.check(request.operands)
        try check(request.attributes, against: attributes)
        return try infer(request)
      }, gradient: gradient)
  }

  private static func check(_ attributes: Attributes, against specs: [AttributeSpec]) throws(IRError) {
    for spec in specs {
      guard let value = attributes[spec.name] else {
        if spec.required { throw IRError("attribute \(spec.name) is missing") }
        continue
      }
      guard value.kindName == spec.kind.kindName else {
        throw IRError("attribute \(spec.name) is \(value.kindName) where \(spec.kind.kindName) is needed")
      }
    }
    for entry in attributes.entries where !specs.contains(where: { $0.name == entry.name }) {
      throw IRError("the op has no attribute \(entry.name)")
    }
  }
}

extension OpSpec.Arity {
  /// True for an operand count this arity allows.
  public func allows(_ count: Int) -> Bool {
    switch self {
    case .exactly(let needed): count == needed
    case .atLeast(let least): count >= least
    case .between(let least, let most): count >= least && count <= most
    }
  }

  /// In words: `2`, `at least 3`, `2 to 3`.
  public var text: String {
    switch self {
    case .exactly(let count): "\(count)"
    case .atLeast(let least): "at least \(least)"
    case .between(let least, let most): "\(least) to \(most)"
    }
  }

  func check(_ operands: [TensorType]) throws(IRError) {
    if allows(operands.count) { return }
    let shapes = operands.map(\.message).joined(separator: ", ")
    throw IRError("\(operands.count) operands (\(shapes)) where \(text) are needed")
  }
}

extension AttributeValue {
  /// The kind of the value in words, for messages and the op reference.
  public var kindName: String {
    switch self {
    case .integer: "integer"
    case .number: "number"
    case .boolean: "boolean"
    case .string: "string"
    case .integers: "integers"
    case .booleans: "booleans"
    case .dimensions: "dimensions"
    case .function: "function"
    }
  }
}
