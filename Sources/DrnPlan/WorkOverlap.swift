import DrnIR

/// The time from which the kernel of an operation may use its work space.
///
/// The first pass of a batch normalization and of its gradient may run inside the tasks of the operation before it, so its work space must
/// not lie over anything that one still uses. Reshapes between them are views.
public func startOfWork(_ time: Int, in function: Function) -> Int {
  let opcode = function.operations[time].opcode
  guard [.batchNorm, .batchNormGradient, .batchNormFactors].contains(opcode) else { return time }
  return function.operations[..<time].lastIndex { $0.opcode != .reshape } ?? time
}
