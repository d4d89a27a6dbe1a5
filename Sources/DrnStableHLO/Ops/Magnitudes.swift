import DrnIR

extension HLOBuilder {
  mutating func translate(_ op: MagnitudeOp, _ given: OperationTranslation) throws(TranslationError) -> HLOValue {
    let x = given.operands[0]
    let exponent = given.attributes.number("exponent") ?? 1
    switch op {
    case .power: return exponent == 1 ? x : multiply(x, map("power", map("abs", x), exponent - 1))
    case .powerDerivative:
      return exponent == 1 ? constant(1, x.shape) : scale(map("power", map("abs", x), exponent - 1), exponent)
    case .largest: return try largest(x, MagnitudeOp.count(of: given.attributes.integers("share") ?? [], among: x.type.count), given)
    }
  }

  /// 1 at so many entries. Each entry is given a number of its own, larger for a larger magnitude and for an earlier place among equal ones; one sort
  /// then says from which number on an entry is among them.
  private mutating func largest(
    _ x: HLOValue, _ count: Int, _ given: OperationTranslation
  ) throws(TranslationError) -> HLOValue {
    let entries = x.type.count
    if count <= 0 || count >= entries { return constant(count <= 0 ? 0 : 1, x.shape) }
    guard entries <= Int(UInt32.max) else { throw given.error("has more entries than 2^32") }
    let flat = reshape(x, [entries])
    // The bits of numbers that are not negative are in the order of the numbers. NaN comes last.
    let magnitudes = map("add", bits(map("abs", flat), .ui32), 1)
    let ranked = select(compare("EQ", flat, flat), magnitudes, constant(0, [], .ui32))
    let places = map("subtract", constant(Double(entries - 1), [entries], .ui32), index([entries]))
    let numbers = map("or", map("shift_left", convert(ranked, .ui64), 32), convert(places, .ui64))
    let bound = reshape(slice(descending(numbers), [count - 1], [1]), [])
    return reshape(convert(compare("GE", numbers, bound), .f32), x.shape)
  }
}
