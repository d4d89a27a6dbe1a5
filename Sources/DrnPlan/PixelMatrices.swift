import DrnIR

/// The matrices whose rows are the pixels of images: a reshape makes them of a tensor of more axes, or such a tensor of them.
///
/// They lie tight, so that the reshape is no copy; a pitch would also multiply the size of those with few columns.
func pixelMatrices(_ function: Function) -> Set<Value> {
  var found: Set<Value> = []
  for operation in function.operations where operation.opcode == .reshape {
    guard let operand = operation.operands.first, let result = operation.results.first else { continue }
    let (before, after) = (function.type(of: operand).shape.count, function.type(of: result).shape.count)
    if before > 2, after == 2 { found.insert(result) }
    if before == 2, after > 2 { found.insert(operand) }
  }
  return found
}
