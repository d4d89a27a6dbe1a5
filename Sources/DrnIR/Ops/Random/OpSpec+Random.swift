/// Counter-based random numbers: Philox4x32-10 (Salmon, Moraes, Dror and Shaw, 2011, "Parallel random numbers: as easy as 1, 2, 3").
/// The key words are the low and high half of key XOR h, with h the FNV-1a 64 hash of the stream's UTF-8 bytes. Element i in row-major
/// order uses word i % 4 of the block with counter (low half of i / 4, high half of i / 4, 0, 0), and u = (word >> 8) * 2^-24.
extension OpSpec {
  private static let shapeAttribute = AttributeSpec("shape", .dimensions([]), "The shape of the result.")
  private static let streamAttribute = AttributeSpec("stream", .string(""), "The name of the stream of random numbers.")

  static let randomUniform = random(
    .randomUniform, "Independent uniform numbers (2u - 1) * limit from a key (u64 scalar) and a stream.",
    AttributeSpec("limit", .number(0), "The bound of the interval [-limit, limit)."))

  /// Elements 2j and 2j + 1 are r cos(2 pi u2) and r sin(2 pi u2) times the deviation, r = sqrt(-2 ln u1), by Box and Muller (1958);
  /// u1 = (a + 1) * 2^-32 and u2 = b * 2^-32 for the pair of words (a, b) of those elements, in double precision.
  static let randomNormal = random(
    .randomNormal, "Independent normal numbers of mean 0 and the given deviation from a key (u64 scalar) and a stream.",
    AttributeSpec("deviation", .number(0), "The standard deviation."))

  private static func random(_ opcode: Opcode, _ summary: String, _ extent: AttributeSpec) -> OpSpec {
    define(
      opcode, summary, arity: .exactly(1), attributes: [extent, shapeAttribute, streamAttribute], gradient: .zero,
      infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
        try request.require(0, is: randomKey, because: "as the random key")
        _ = try request.number(extent.name, in: 0..<Double.infinity)
        return [.f32(try request.dimensions("shape"))]
      })
  }
}
