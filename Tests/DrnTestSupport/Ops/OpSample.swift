import DrnIR
import DrnReference

/// A small random instance of an op, for tests that run over all ops.
public struct OpSample {
  /// One for each operand.
  public var operands: [ReferenceTensor]
  /// Theirs.
  public var types: [TensorType]
  /// Those of the operation.
  public var attributes: Attributes = [:]
  /// The operands whose gradient is checked.
  public var differentiable: [Int] = []
  /// Says which sample of the op it is.
  public var label = ""
}

extension ReferenceTensor {
  /// The `f32` type of the tensor.
  public var type: TensorType { .f32(shape.map { Dimension($0) }) }
}

extension OpSample {
  /// An op of `f32` operands, all of them differentiated.
  public init(_ label: String, _ operands: [ReferenceTensor], _ attributes: Attributes = [:]) {
    self.operands = operands
    self.label = label
    self.attributes = attributes
    types = operands.map(\.type)
    differentiable = Array(operands.indices)
  }

  /// Appends an operand that is differentiated if it is `f32`.
  public mutating func append(_ operand: ReferenceTensor, _ type: TensorType) {
    if type.element == .f32 { differentiable.append(operands.count) }
    operands.append(operand)
    types.append(type)
  }

  /// Inserts an operand that is not differentiated.
  public mutating func insert(_ operand: ReferenceTensor, _ type: TensorType, at index: Int) {
    operands.insert(operand, at: index)
    types.insert(type, at: index)
    differentiable = differentiable.map { $0 >= index ? $0 + 1 : $0 }
  }
}

/// A module with the scalar functions that samples name.
public func sampleModule() throws -> Module {
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
