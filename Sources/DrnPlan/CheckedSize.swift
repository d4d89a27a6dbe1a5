/// `left * right`, or `nil` past `Int.max`.
func checkedProduct(_ left: Int, _ right: Int) -> Int? {
  let (value, overflow) = left.multipliedReportingOverflow(by: right)
  return overflow || value < 0 ? nil : value
}

/// `left + right`, or `nil` past `Int.max`.
func checkedSum(_ left: Int, _ right: Int) -> Int? {
  let (value, overflow) = left.addingReportingOverflow(right)
  return overflow || value < 0 ? nil : value
}

/// The smallest multiple of `step` that is at least `value`, or `nil` past `Int.max`.
func roundedUp(_ value: Int, to step: Int) -> Int? {
  guard let sum = checkedSum(value, step - 1) else { return nil }
  return sum / step * step
}

/// `ceiling(count / block)`, the number of blocks that cover `count`; `block` is positive.
public func blockCount(_ count: Int, _ block: Int) -> Int { count <= 0 ? 0 : (count - 1) / block + 1 }
