/// The two orders of the axes of an image.
extension OpSpec {
  static let channelsLast = channelOrder(
    .channelsLast, "Moves the channels behind the pixels: B x C x H x W gives B x H x W x C.", [0, 2, 3, 1])
  static let channelsFirst = channelOrder(
    .channelsFirst, "Moves the channels before the pixels: B x H x W x C gives B x C x H x W.", [0, 3, 1, 2])

  /// `axes[i]` is the axis of the operand that becomes axis i of the result.
  private static func channelOrder(_ opcode: Opcode, _ summary: String, _ axes: [Int]) -> OpSpec {
    define(
      opcode, summary, arity: .exactly(1),
      gradient: .single { (b: inout Builder, _: Operation, dy: Value, _: [Bool]) throws(IRError) -> [Value?] in
        [try b.emitOne(opcode == .channelsLast ? .channelsFirst : .channelsLast, [dy])]
      },
      infer: { (request: InferenceRequest) throws(IRError) -> [TensorType] in
        let shape = try request.shape(0, rank: 4)
        return [.f32(axes.map { shape[$0] })]
      })
  }
}
