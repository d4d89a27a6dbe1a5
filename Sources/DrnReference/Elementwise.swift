import DrnIR
import Foundation

/// The function a unary op applies to each element, from its definition.
public func referenceFunction(of op: UnaryOp) -> (Double) -> Double {
  switch op {
  case .negate: { -$0 }
  case .exponential: { exp($0) }
  case .logarithm: { log($0) }
  case .squareRoot: { $0.squareRoot() }
  case .reciprocal: { 1 / $0 }
  case .absolute: { abs($0) }
  case .sign: { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }
  case .square: { $0 * $0 }
  case .relu: { $0 < 0 ? 0 : $0 }
  case .gelu: { $0 * normalDistribution($0) }
  case .geluDerivative: { normalDistribution($0) + $0 * exp(-$0 * $0 / 2) / (2 * Double.pi).squareRoot() }
  case .tanh: { tanh($0) }
  case .sigmoid: { 1 / (1 + exp(-$0)) }
  }
}

/// The normal distribution function.
private func normalDistribution(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }

/// The function a binary op applies to each pair of elements, from its definition.
public func referenceFunction(of op: BinaryOp) -> (Double, Double) -> Double {
  switch op {
  case .add: { $0 + $1 }
  case .subtract: { $0 - $1 }
  case .multiply: { $0 * $1 }
  case .divide: { $0 / $1 }
  // A comparison with NaN is false; the sum is NaN if either is.
  case .maximum: { $0.isNaN || $1.isNaN ? $0 + $1 : $0 > $1 ? $0 : $1 }
  case .minimum: { $0.isNaN || $1.isNaN ? $0 + $1 : $0 < $1 ? $0 : $1 }
  case .greater: { $0 > $1 ? 1 : 0 }
  }
}

/// Combines two tensors of one shape, or a scalar with every element of the other.
func combine(_ left: ReferenceTensor, _ right: ReferenceTensor, _ function: (Double, Double) -> Double) -> ReferenceTensor {
  if left.shape == right.shape { return ReferenceTensor(shape: left.shape, values: zip(left.values, right.values).map(function)) }
  if right.shape.isEmpty { return left.map { function($0, right.values[0]) } }
  return right.map { function(left.values[0], $0) }
}
