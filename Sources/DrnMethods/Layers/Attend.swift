import DrnIR

/// Scaled dot-product attention of the positions of a sequence: softmax(q k^T / sqrt(d)) v, head by head.
///
/// Three inputs: queries [T, H d], keys and values [T, G d], with H heads and G key-value heads, each shared by H / G heads. The four linear layers
/// around it are layers of their own, so that a clause can give each a form.
public struct Attend: Layer {
  public static let spec = MethodSpec(
    "attend",
    summary:
      "Attention of queries, keys and values, head by head: softmax(q k^T / sqrt(d)) v. Keys and values of fewer features are shared by "
      + "several heads.",
    source:
      "Vaswani et al. 2017, arXiv 1706.03762; shared keys and values: Ainslie et al. 2023, arXiv 2305.13245; rotary: Su et al. 2021, arXiv 2104.09864",
    options: [
      OptionSpec("heads", .integer(1...65_536), required: true, "H; it divides the features of the queries."),
      OptionSpec("causal", .boolean, default: .boolean(false), "Whether a position sees only itself and those before it."),
      OptionSpec(
        "rotary", .boolean, default: .boolean(false),
        "Whether queries and keys are turned by angles that grow with the position, feature i of a head with feature i + d / 2."),
      OptionSpec("base", .number(1...1e12), default: .integer(10_000), "The angle of pair i at position t is t base^(-2 i / d)."),
    ])
  public static let inputCount = 3
  let heads: Int
  /// Whether a position sees only itself and those before it.
  public let isCausal: Bool
  let isRotary: Bool
  public let options: Options
  public init(options: Options) {
    self.options = options
    heads = options.integer("heads") ?? 1
    isCausal = options.boolean("causal") ?? false
    isRotary = options.boolean("rotary") ?? false
  }

  public func infer(_ inputs: [[Int]]) throws(LayerError) -> [Int] {
    guard inputs.count == 3 else { throw LayerError("takes 3 tensors, but is given \(inputs.count)") }
    let (queries, keys, values) = (inputs[0], inputs[1], inputs[2])
    guard queries.count == 2, keys.count == 2, keys == values, keys[0] == queries[0] else {
      throw LayerError("takes sequences of one length, keys and values of one shape, but is given \(queries), \(keys) and \(values)")
    }
    guard queries[1] % heads == 0 else {
      throw LayerError(
        "\(heads) heads do not divide the \(queries[1]) features of the queries",
        help: "choose heads that divide the width, or another width")
    }
    let size = queries[1] / heads
    guard keys[1] % size == 0, heads % (keys[1] / size) == 0 else {
      throw LayerError(
        "keys of \(keys[1]) features are no heads of \(size) features that \(heads) heads could share",
        help: "give keys and values \(size) features for each of a number of heads that divides \(heads)")
    }
    guard !isRotary || size % 2 == 0 else {
      throw LayerError("`rotary` turns pairs of features, but a head has \(size)", help: "choose heads of an even number of features")
    }
    return queries
  }
  public func parameters(_ inputs: [[Int]]) -> [LayerParameter] { [] }
  public func buffers(_ inputs: [[Int]]) -> [LayerBuffer] { [] }
  public func continuation(_ inputs: [[Int]]) -> LayerContinuation {
    guard isCausal else { return .impossible("sees positions that are still to come; `causal: true` lets each see those before it") }
    guard inputs.count == 3, inputs[1].count == 2 else { return .impossible("needs three sequences") }
    return .keeping([KeptTensor("keys", inputs[1].reversed()), KeptTensor("values", inputs[1])])
  }

  public func lengthRule(_ inputs: [[Int]]) -> LengthRule { .masked }

  public func emit(_ inputs: [Value], in context: inout LayerContext) throws(IRError) -> Value {
    guard context.inputs.count == 3, let length = context.inputs[0].first, let features = context.inputs[0].last,
      let shared = context.inputs[1].last
    else { throw IRError("attend needs three sequences") }
    let size = features / heads
    let settings = AttentionSettings(
      length: length, heads: heads, groups: shared / size, isCausal: isCausal, scale: 1 / Double(size).squareRoot(),
      rotary: isRotary ? options.number("base") ?? 10_000 : 0)
    guard inputs.count == 3 else { throw IRError("attend needs three tensors") }
    if let continuation = context.continuation {
      let attended = try context.builder.cachedAttention(
        inputs[0], inputs[1], inputs[2], caches: (try continuation.value("keys"), try continuation.value("values")),
        positions: continuation.positions, settings)
      context.continuation?.kept = ["keys": attended.keys, "values": attended.values]
      return attended.result
    }
    return try context.builder.attention(inputs[0], inputs[1], inputs[2], lengths: context.lengths?.counts, settings)
  }
}
