/// What holds of a module at the stage `portable` and of no other, so that it is no entry of `verifierRules`.
public struct PortableRule: VerifierRule {
  public let id = "portable"
  public let summary = "Every op can be told to another system, and none carries a scalar function of the module."
  public init() {}

  public func check(_ module: Module) -> [VerifierFinding] {
    eachOperation(module) { operation, _ in
      guard operation.opcode.isPortable else { return ["the op is private to drnc"] }
      guard let place = operation.opcode.fusedFunctionPlace, operation.attributes[place.attribute] != nil else { return [] }
      return ["it carries a \(place.attribute)"]
    }
  }
}

/// Throws the first finding of `PortableRule` as an error.
public func requirePortable(_ module: Module) throws(IRError) {
  guard let finding = PortableRule().check(module).first else { return }
  throw IRError("after the stage portable: \(finding)")
}

extension Opcode {
  /// Whether the op is a function of tensors that needs nothing of drnc to be stated: no choice that is still open, no call into the module,
  /// no part of a kernel.
  public var isPortable: Bool {
    switch self {
    case .product, .map, .valueAndGradient, .normalize(.batchNormFactors): false
    case .unary, .binary, .narrow, .constant, .reshape, .move, .reduce, .matmul, .loss, .normalize, .random, .magnitude, .token, .attend,
      .window,
      .convolve, .factorize:
      true
    }
  }
}
