import DrnIR
import DrnMethods

/// The number of values all tensors of a form hold at a rank; `nil` on overflow.
func parameterCount(_ form: any Parameterization, _ shape: WeightShape, rank: Int) -> Int? {
  var total = 0
  for parameter in form.parameters(shape, rank: Dimension(rank)) {
    guard let count = elementCount(parameter.shape.map { $0.value ?? 0 }) else { return nil }
    let (sum, overflow) = total.addingReportingOverflow(count)
    if overflow { return nil }
    total = sum
  }
  return total
}

/// The largest rank at which the form holds fewer values than the dense weight; 0 when none does. The count grows with the rank.
func breakEvenRank(_ form: any Parameterization, _ shape: WeightShape) -> Int {
  guard let dense = elementCount([shape.inputs, shape.outputs]) else { return shape.shortSide }
  var (low, high) = (0, shape.shortSide)
  while low < high {
    let middle = (low + high + 1) / 2
    if let count = parameterCount(form, shape, rank: middle), count < dense { low = middle } else { high = middle - 1 }
  }
  return low
}
