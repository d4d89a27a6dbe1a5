import DrnIR

/// Random numbers by operations on whole numbers, so that every engine and any number of devices draws the same bits.
extension HLOBuilder {
  mutating func translate(_ op: RandomOp, _ given: OperationTranslation) throws(TranslationError) -> HLOValue {
    switch op {
    case .dropout:
      let (x, key) = (given.operands[0], given.operands[1])
      let rate = Float(given.attributes.number("rate") ?? 0)
      let numbers = try uniform24(given.attributes.string("stream") ?? "", key: key, given)
      // u >= rate for u = number * 2^-24.
      let isKept = compare("GE", numbers, Double((rate * 0x1p24).rounded(.up)))
      // A product, so that a NaN stays one where it is dropped.
      return multiply(x, select(isKept, constant(rate < 1 ? Double(1 / (1 - rate)) : 0), constant(0)))
    case .normal, .uniform: throw given.error("stands in no step")
    }
  }

  /// The upper 24 bits of the word of each element of the result, as the op `random_uniform` states it.
  private mutating func uniform24(
    _ stream: String, key: HLOValue, _ given: OperationTranslation
  ) throws(TranslationError) -> HLOValue {
    let shape = given.shape
    guard shape.reduce(1, *) <= Int(UInt32.max) else { throw given.error("has more elements than 2^32 random numbers") }
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in stream.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let mixed = map("xor", key, constant(bits: hash, [], .ui64))
    let words: HLOValue
    if let columns = shape.last, columns > 0, columns.isMultiple(of: 4) {
      // A block of Philox is four neighbouring elements of a row: axes before the last are left alone, so that a divided one stays divided.
      let blocks = Array(shape.dropLast()) + [columns / 4]
      let four = philox(counter: index(blocks), key: mixed).map { reshape($0, blocks + [1]) }
      words = reshape(concatenate(four, axis: blocks.count), shape)
    } else {
      let places = index(shape)
      let four = philox(counter: map("shift_right_logical", places, 2), key: mixed)
      let lane = map("and", places, 3)
      words = (0..<3).reversed().reduce(four[3]) { select(compare("EQ", lane, Double($1)), four[$1], $0) }
    }
    return map("shift_right_logical", words, 8)
  }

  /// The four words of each block (Salmon, Moraes, Dror and Shaw, 2011, section 3.3) whose counter is that number.
  private mutating func philox(counter: HLOValue, key: HLOValue) -> [HLOValue] {
    let zero = broadcast(constant(0, [], .ui32), counter.shape, [])
    var words = [counter, zero, zero, zero]
    var (low, high) = (lowHalf(key), highHalf(key))
    for _ in 0..<10 {
      let first = wideProduct(words[0], 0xD251_1F53)
      let second = wideProduct(words[2], 0xCD9E_8D57)
      words = [
        map("xor", map("xor", second.high, words[1]), low), second.low, map("xor", map("xor", first.high, words[3]), high), first.low,
      ]
      low = map("add", low, 0x9E37_79B9)
      high = map("add", high, 0xBB67_AE85)
    }
    return words
  }

  private mutating func wideProduct(_ x: HLOValue, _ factor: UInt64) -> (high: HLOValue, low: HLOValue) {
    let product = multiply(convert(x, .ui64), constant(bits: factor, [], .ui64))
    return (highHalf(product), lowHalf(product))
  }

  private mutating func lowHalf(_ x: HLOValue) -> HLOValue { convert(map("and", x, Double(UInt32.max)), .ui32) }
  private mutating func highHalf(_ x: HLOValue) -> HLOValue { convert(map("shift_right_logical", x, 32), .ui32) }
}
