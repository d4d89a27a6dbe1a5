/// The nearest number with 8 significant bits and the exponents of single precision, the even one of two equally near.
///
/// By single precision first, as drnc's kernels have it: the value is one of their results.
public func nearestHalf(_ x: Double) -> Double {
  let single = Float(x)
  guard single.isFinite, single != 0 else { return Double(single) }
  // Of the last place that is kept: 7 bits below the leading one, or the place of the smallest numbers.
  let place = Float(sign: .plus, exponent: max(Int(single.exponent), -126) - 7, significand: 1)
  let kept = Double(single) / Double(place)
  let rounded = kept.rounded(.toNearestOrEven) * Double(place)
  // Beyond the largest one lies infinity.
  return abs(rounded) > Double(Float.greatestFiniteMagnitude) ? (single < 0 ? -.infinity : .infinity) : rounded
}
