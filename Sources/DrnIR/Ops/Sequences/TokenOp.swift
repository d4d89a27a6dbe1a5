/// Rows chosen by tokens: whole numbers that name rows of a table.
public enum TokenOp: String, OpList, Sendable, Hashable {
  case oneHot = "one_hot"
  case gatherRows = "gather_rows"
  case scatterRows = "scatter_rows"

  var spec: OpSpec {
    switch self {
    case .oneHot: .oneHot
    case .gatherRows: .gatherRows
    case .scatterRows: .scatterRows
    }
  }
}

/// The ops of the kind by their own names.
extension Opcode {
  public static let oneHot = token(.oneHot)
  public static let gatherRows = token(.gatherRows)
  public static let scatterRows = token(.scatterRows)
}

/// With O the matrix of `one_hot`, `gather_rows` is O table and `scatter_rows` is O^T x. A token outside the table has a row of zeros in O.
extension OpSpec {
  static let oneHot = define(
    .oneHot,
    "A row for each token (i32, R) with 1 in the column of that number and 0 elsewhere (R x V); a token outside has a row of zeros.",
    arity: .exactly(1), attributes: [AttributeSpec("classes", .integer(0), "The columns V, at least 1.")], gradient: .zero,
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      [.f32([try tokens(request), try request.count("classes")])]
    })

  static let gatherRows = define(
    .gatherRows, "The rows of a table (V x D) that tokens (i32, R) name: R x D; a token outside has a row of zeros.",
    arity: .exactly(2),
    gradient: .single { (b: inout Builder, operation: Operation, dy: Value, _: [Bool]) throws(IRError) -> [Value?] in
      guard let rows = b.shape(of: operation.operands[1]).first?.value else {
        throw IRError("gather_rows has no gradient by a table whose rows depend on a rank")
      }
      return [nil, try b.scatterRows(operation.operands[0], dy, rows: rows)]
    },
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      let table = try request.shape(1, rank: 2)
      return [.f32([try tokens(request), table[1]])]
    })

  static let scatterRows = define(
    .scatterRows,
    "The gradient of gather_rows by its table (V x D): each of its rows is the sum of those rows of x (R x D) whose token (i32, R) names it, in their order.",
    arity: .exactly(2), attributes: [AttributeSpec("rows", .integer(0), "The rows V of the table, at least 1.")],
    gradient: .single { (b: inout Builder, operation: Operation, dy: Value, _: [Bool]) throws(IRError) -> [Value?] in
      [nil, try b.gatherRows(operation.operands[0], dy)]
    },
    infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
      let (rows, x) = (try tokens(request), try request.shape(1, rank: 2))
      guard x[0] == rows else {
        throw IRError("operand 1 is \(request.operands[1].message) where a row for each of \(rows.message) tokens is needed")
      }
      return [.f32([try request.count("rows"), x[1]])]
    })

  /// How many tokens operand 0 holds.
  private static func tokens(_ request: InferenceRequest) throws(IRError) -> Dimension {
    let type = request.operands[0]
    guard type.element == .i32, type.shape.count == 1 else {
      throw IRError("operand 0 is \(type.message) where a vector of i32 is needed as tokens")
    }
    return type.shape[0]
  }
}
