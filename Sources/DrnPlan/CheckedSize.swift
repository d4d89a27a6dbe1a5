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
