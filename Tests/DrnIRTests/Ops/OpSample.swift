import DrnIR
import DrnReference

/// A small random instance of an op, for tests that run over all ops.
struct OpSample {
  var operands: [ReferenceTensor]
  var types: [TensorType]
  var attributes: Attributes = [:]
  /// The operands whose gradient is checked.
  var differentiable: [Int] = []
  var label = ""
}

/// Reproducible numbers for tests (SplitMix64; Steele, Lea and Flood, 2014).
struct TestRandom {
  var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
  /// Uniform in the range.
  mutating func number(_ range: ClosedRange<Double> = -2...2) -> Double {
    range.lowerBound + Double(next() >> 11) * 0x1p-53 * (range.upperBound - range.lowerBound)
  }
  mutating func tensor(_ shape: [Int], _ range: ClosedRange<Double> = -2...2) -> ReferenceTensor {
    ReferenceTensor(shape: shape, values: (0..<shape.reduce(1, *)).map { _ in number(range) })
  }
}

extension ReferenceTensor {
  /// The `f32` type of the tensor.
  var type: TensorType { .f32(shape.map { Dimension($0) }) }
}

extension OpSample {
  /// An op of `f32` operands, all of them differentiated.
  init(_ label: String, _ operands: [ReferenceTensor], _ attributes: Attributes = [:]) {
    self.operands = operands
    self.label = label
    self.attributes = attributes
    types = operands.map(\.type)
    differentiable = Array(operands.indices)
  }

  /// Appends an operand that is differentiated if it is `f32`.
  mutating func append(_ operand: ReferenceTensor, _ type: TensorType) {
    if type.element == .f32 { differentiable.append(operands.count) }
    operands.append(operand)
    types.append(type)
  }

  /// Inserts an operand that is not differentiated.
  mutating func insert(_ operand: ReferenceTensor, _ type: TensorType, at index: Int) {
    operands.insert(operand, at: index)
    types.insert(type, at: index)
    differentiable = differentiable.map { $0 >= index ? $0 + 1 : $0 }
  }
}

/// A module with the scalar functions that samples name.
func sampleModule() throws -> Module {
  var module = Module(name: "samples")
  var body = Builder(function: "scale_shift", in: module)
  let x = body.argument("x", role: .plain, .scalar)
  let y = body.argument("y", role: .plain, .scalar)
  body.result("out", role: .plain, try body.add(try body.multiply(x, y), y))
  body.result("square", role: .plain, try body.square(x))
  module.set(body.function)
  var loss = Builder(function: "loss", in: module)
  let weight = loss.argument("w", role: .weight, .f32([2, 3]))
  loss.result("loss", role: .output, try loss.sumAll(try loss.square(weight)))
  module.set(loss.function)
  return module
}
