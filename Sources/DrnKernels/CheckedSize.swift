/// `left * right`, or `nil` past `Int.max`.
package func checkedProduct(_ left: Int, _ right: Int) -> Int? {
  let (value, overflow) = left.multipliedReportingOverflow(by: right)
  return overflow || value < 0 ? nil : value
}

/// `left + right`, or `nil` past `Int.max`.
package func checkedSum(_ left: Int, _ right: Int) -> Int? {
  let (value, overflow) = left.addingReportingOverflow(right)
  return overflow || value < 0 ? nil : value
}

/// The smallest multiple of `step` that is at least `value`, or `nil` past `Int.max`.
package func roundedUp(_ value: Int, to step: Int) -> Int? {
  guard let sum = checkedSum(value, step - 1) else { return nil }
  return sum / step * step
}

/// `ceiling(count / block)`, the number of blocks that cover `count`; `block` is positive.
public func blockCount(_ count: Int, _ block: Int) -> Int { count <= 0 ? 0 : (count - 1) / block + 1 }

/// The product, or a number too large for any memory where it is past that; factors are not negative.
package func saturatedProduct(_ factors: Int...) -> Int {
  if factors.contains(0) { return 0 }
  return factors.reduce(1) { checkedProduct($0, $1).map { min($0, tooManyFloats) } ?? tooManyFloats }
}

/// The sum, or a number too large for any memory where it is past that; terms are not negative.
package func saturatedSum(_ terms: Int...) -> Int { terms.reduce(0) { min($0 + min($1, tooManyFloats), tooManyFloats) } }

/// More floats than any memory holds; sums of some such numbers do not overflow.
private let tooManyFloats = 1 << 58
