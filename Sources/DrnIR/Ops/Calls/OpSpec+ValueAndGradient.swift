extension OpSpec {
  static let valueAndGradient = define(
    .valueAndGradient,
    "The results of a function whose first result is the scalar loss, then the gradient of the loss for each operand named in wrt.",
    arity: .atLeast(0),
    attributes: [
      AttributeSpec("function", .function(""), "The function to call with the operands."),
      AttributeSpec("wrt", .integers([]), "The operands to differentiate by, each once."),
    ],
    gradient: .undefined("gradients of gradients are not taken"),
    infer: inferValueAndGradient)

  @Sendable private static func inferValueAndGradient(_ request: InferenceRequest) throws(IRError) -> [TensorType] {
    let name = request.attributes.function("function") ?? ""
    guard let callee = request.function(name) else { throw IRError("the module has no function @\(name)") }
    guard callee.arguments.count == request.operands.count else {
      throw IRError("@\(name) takes \(callee.arguments.count) arguments where \(request.operands.count) operands are given")
    }
    for (index, port) in callee.arguments.enumerated() {
      guard let type = callee.knownType(of: port.value) else { throw IRError("argument \(port.name) of @\(name) is not defined") }
      try request.require(index, is: type, because: "for argument \(port.name) of @\(name)")
    }
    let results = callee.results.compactMap { callee.knownType(of: $0.value) }
    guard results.count == callee.results.count, let loss = results.first, loss == .scalar else {
      throw IRError("the first result of @\(name) is \(results.first?.message ?? "absent") where the loss, an f32 scalar, is needed")
    }
    return results + (try differentiated(request))
  }

  private static func differentiated(_ request: InferenceRequest) throws(IRError) -> [TensorType] {
    let wrt = try request.integers("wrt")
    guard Set(wrt).count == wrt.count else { throw IRError("attribute wrt \(wrt) names an operand twice") }
    var types: [TensorType] = []
    for index in wrt {
      guard request.operands.indices.contains(index) else {
        throw IRError("attribute wrt names operand \(index) of \(request.operands.count)")
      }
      types.append(.f32(try request.shape(index)))
    }
    return types
  }
}
