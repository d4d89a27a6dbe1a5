extension OpSpec.Gradient {
  /// The rule of an op with one result: from the operation and the gradient of that result.
  static func single(
    _ rule: @escaping @Sendable (inout Builder, Operation, Value, [Bool]) throws(IRError) -> [Value?]
  ) -> OpSpec.Gradient {
    .rule { (builder: inout Builder, request: GradientRequest) throws(IRError) -> [Value?] in
      guard let gradient = request.resultGradients.first ?? nil else { return request.wanted.map { _ in nil } }
      return try rule(&builder, request.operation, gradient, request.wanted)
    }
  }
}

extension Builder {
  /// The shape of a value.
  func shape(of value: Value) -> [Dimension] { type(of: value).shape }
}
