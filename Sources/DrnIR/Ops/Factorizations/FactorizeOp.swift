/// Factorizations of one matrix.
public enum FactorizeOp: String, OpList, Sendable, Hashable {
  case singularValues = "singular_values"
  case orthonormalize

  var spec: OpSpec {
    switch self {
    case .singularValues: .singularValues
    case .orthonormalize: .orthonormalize
    }
  }
}

/// The ops of the kind by their own names.
extension Opcode {
  public static let singularValues = factorize(.singularValues)
  public static let orthonormalize = factorize(.orthonormalize)
}
