/// Arithmetic counts that stop at `Int.max` instead of overflowing.
enum Cost {
  /// The product of non-negative counts.
  static func multiply(_ counts: Int...) -> Int {
    var product = 1
    for count in counts {
      let (value, overflow) = product.multipliedReportingOverflow(by: count)
      if overflow { return Int.max }
      product = value
    }
    return product
  }

  static func add(_ left: Int, _ right: Int) -> Int {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? Int.max : sum
  }
}

extension InferenceRequest {
  /// The elements of one operand; 0 for a symbolic one.
  func count(_ index: Int) -> Int { operands.indices.contains(index) ? operands[index].elementCount ?? 0 : 0 }

  /// The elements of the largest operand.
  var largestCount: Int { operands.map { $0.elementCount ?? 0 }.max() ?? 0 }

  /// One extent of one operand; 0 for a symbolic or absent one.
  func extent(_ index: Int, _ axis: Int) -> Int {
    guard operands.indices.contains(index), operands[index].shape.indices.contains(axis) else { return 0 }
    return operands[index].shape[axis].value ?? 0
  }
}
