/// The extents of an attention, from its attributes and the shape of its queries and keys.
public struct AttentionShape: Hashable, Sendable {
  /// Sequences of the batch.
  public let batch: Int
  /// Positions T of a sequence.
  public let length: Int
  /// Heads H of the queries.
  public let heads: Int
  /// Heads G of keys and values; head h of the queries goes with number h / (H / G).
  public let groups: Int
  /// Columns d of a head.
  public let size: Int
  /// Whether a position sees itself and those before it only.
  public let isCausal: Bool
  /// The base of the rotary embedding; 0 for none.
  public let rotary: Double

  /// Throws where the attributes do not describe queries of that shape (B*T x H*d).
  init(_ attributes: Attributes, queries: [Dimension], message: String) throws(IRError) {
    guard let length = attributes.integer("length"), let heads = attributes.integer("heads"), let groups = attributes.integer("groups")
    else {
      throw IRError("attribute length, heads or groups is missing")
    }
    guard length >= 1, heads >= 1, groups >= 1, heads.isMultiple(of: groups) else {
      throw IRError("length \(length), heads \(heads) and groups \(groups) are not at least 1, with heads a multiple of groups")
    }
    guard queries.count == 2, let rows = queries[0].value, let columns = queries[1].value, rows >= 0, columns >= 0 else {
      throw IRError("\(message) is not a matrix of known extents")
    }
    guard rows.isMultiple(of: length) else { throw IRError("the rows of \(message) are not sequences of length \(length)") }
    guard columns > 0, columns.isMultiple(of: heads) else { throw IRError("the columns of \(message) are not those of \(heads) heads") }
    (batch, self.length, self.heads, self.groups, size) = (rows / length, length, heads, groups, columns / heads)
    isCausal = attributes.boolean("causal") ?? false
    rotary = attributes.number("rotary") ?? 0
    guard rotary == 0 || (rotary >= 1 && rotary.isFinite) else {
      throw IRError("attribute rotary is \(rotary), neither 0 nor a base of at least 1")
    }
    guard rotary == 0 || size.isMultiple(of: 2) else {
      throw IRError("a rotary embedding turns pairs of columns, and a head of \(message) has \(size)")
    }
  }

  /// Of a concrete operation; `nil` for other operations.
  public init?(_ operation: Operation, _ function: Function) {
    guard case .attend(let op) = operation.opcode, op != .cached, operation.operands.indices.contains(op.queries) else { return nil }
    let type = function.type(of: operation.operands[op.queries])
    guard let shape = try? AttentionShape(operation.attributes, queries: type.shape, message: "") else { return nil }
    self = shape
  }

  /// Rows of queries, keys and values: B*T.
  var rows: Int { batch * length }
  /// The type of keys and values.
  var keys: TensorType { .f32([Dimension(rows), Dimension(groups * size)]) }
  /// The type of the logarithms, a row for each head of each sequence; `nil` past `Int.max`.
  var logarithms: TensorType? {
    let (count, overflow) = batch.multipliedReportingOverflow(by: heads)
    return overflow ? nil : .f32([Dimension(count), Dimension(length)])
  }
}
