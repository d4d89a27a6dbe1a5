/// Factorizations of a matrix m x n with k = min(m, n), for initial values and transitions.
extension OpSpec {
  private static let innerExtent = AttributeSpec(
    "k", .dimensions([]), required: false, "min(m, n), one extent; needed only where the ranks leave it open which is smaller.")

  static let singularValues = define(
    .singularValues,
    "The thin singular value decomposition of an m x n matrix: u (m x k), s (k, descending) and vt (k x n); in each column of u the entry of "
      + "largest magnitude, the first at a tie, is positive.",
    arity: .exactly(1), attributes: [innerExtent],
    gradient: .undefined("a singular value decomposition is not differentiated"),
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      let shape = try request.shape(0, rank: 2)
      let inner = try inner(request, shape)
      return [.f32([shape[0], inner]), .f32([inner]), .f32([inner, shape[1]])]
    })

  static let orthonormalize = define(
    .orthonormalize, "The factor Q (m x k) of the thin QR factorization of an m x n matrix whose R has a non-negative diagonal.",
    arity: .exactly(1), attributes: [innerExtent],
    gradient: .undefined("an orthonormal basis is not differentiated"),
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      let shape = try request.shape(0, rank: 2)
      return [.f32([shape[0], try inner(request, shape)])]
    })

  /// The smaller extent where the difference is a known number; else the attribute.
  private static func inner(_ request: InferenceRequest, _ shape: [Dimension]) throws(IRError) -> Dimension {
    let given = try request.attributes["k"] == nil ? nil : request.dimensions("k")
    if let given, given.count != 1 { throw IRError("attribute k is \(given.message) where one extent is needed") }
    if let difference = (shape[0] - shape[1]).value {
      let smaller = difference <= 0 ? shape[0] : shape[1]
      if let given, given != [smaller] {
        throw IRError("attribute k is \(given.message) where operand \(request.operands[0].message) has min(m, n) = \(smaller.message)")
      }
      return smaller
    }
    guard let given = given?.first else {
      throw IRError("which extent of \(request.operands[0].message) is smaller depends on the ranks; attribute k must give it")
    }
    return given
  }
}
