import DrnIR
import Foundation

/// The value of an elementwise operation on numbers; `nil` for operations that are not folded.
func evaluate(_ opcode: Opcode, _ numbers: [Double]) -> Double? {
  if numbers.count == 1 { return evaluateUnary(opcode, numbers[0]) }
  return numbers.count == 2 ? evaluateBinary(opcode, numbers[0], numbers[1]) : nil
}

private func evaluateUnary(_ opcode: Opcode, _ x: Double) -> Double? {
  if opcode == .negate { return -x }
  if opcode == .exponential { return exp(x) }
  if opcode == .logarithm { return log(x) }
  if opcode == .squareRoot { return x.squareRoot() }
  if opcode == .reciprocal { return 1 / x }
  if opcode == .absolute { return abs(x) }
  if opcode == .sign { return x > 0 ? 1 : x < 0 ? -1 : 0 }
  if opcode == .square { return x * x }
  if opcode == .relu { return x < 0 ? 0 : x }
  return nil
}

private func evaluateBinary(_ opcode: Opcode, _ x: Double, _ y: Double) -> Double? {
  if opcode == .add { return x + y }
  if opcode == .subtract { return x - y }
  if opcode == .multiply { return x * y }
  if opcode == .divide { return x / y }
  // A NaN is no constant to fold, and what is not finite stays in the program.
  if opcode == .maximum { return x.isNaN || y.isNaN ? .nan : max(x, y) }
  if opcode == .minimum { return x.isNaN || y.isNaN ? .nan : min(x, y) }
  if opcode == .greater { return x > y ? 1 : 0 }
  return nil
}
