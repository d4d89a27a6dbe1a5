import DrnIR

/// Evaluates a function of a concrete module in double precision, one plain loop per op: the oracle for everything faster.
///
/// Arguments and results go by name. Throws where an argument is missing or has another shape than declared, where an extent is symbolic,
/// and for `value_and_gradient`, which the gradient pass replaces.
public func evaluate(
  function: Function, module: Module, arguments: [String: ReferenceTensor]
) throws(ReferenceError) -> [String: ReferenceTensor] {
  var operands: [ReferenceTensor] = []
  for port in function.arguments {
    guard let tensor = arguments[port.name] else { throw ReferenceError("no argument \(port.name)") }
    operands.append(tensor)
  }
  let values = try Evaluation(module: module, depth: 0).results(of: function, operands)
  return Dictionary(zip(function.results.map(\.name), values)) { first, _ in first }
}

/// The evaluation of one function; the scalar functions it names are evaluated one level deeper.
struct Evaluation {
  let module: Module
  let depth: Int
  /// Fused bodies call nothing, so that real modules stay at depth 1.
  static let deepest = 4

  func results(of function: Function, _ arguments: [ReferenceTensor]) throws(ReferenceError) -> [ReferenceTensor] {
    guard depth <= Self.deepest else { throw ReferenceError("functions call each other more than \(Self.deepest) deep") }
    guard function.arguments.count == arguments.count else {
      throw ReferenceError("@\(function.name) takes \(function.arguments.count) arguments, not \(arguments.count)")
    }
    var tensors: [ReferenceTensor?] = Array(repeating: nil, count: function.values.count)
    for (port, argument) in zip(function.arguments, arguments) {
      try check(argument, is: function.type(of: port.value), "argument \(port.name)")
      tensors[Int(port.value.index)] = argument
    }
    for operation in function.operations {
      let operands = try operation.operands.map { (value) throws(ReferenceError) in try found(tensors, value) }
      let results = try evaluate(operation, operands, function)
      for (value, result) in zip(operation.results, results) {
        try check(result, is: function.type(of: value), "the result of \(operation.opcode.mnemonic)")
        tensors[Int(value.index)] = result
      }
    }
    return try function.results.map { (port) throws(ReferenceError) in try found(tensors, port.value) }
  }

  private func found(_ tensors: [ReferenceTensor?], _ value: Value) throws(ReferenceError) -> ReferenceTensor {
    guard tensors.indices.contains(Int(value.index)), let tensor = tensors[Int(value.index)] else {
      throw ReferenceError("value \(value.index) is used before it is defined")
    }
    return tensor
  }

  private func check(_ tensor: ReferenceTensor, is type: TensorType, _ what: String) throws(ReferenceError) {
    guard let extents = type.extents, let count = type.elementCount else { throw ReferenceError("\(what) has a symbolic shape") }
    let isWhole = type.element == .u64 ? tensor.key != nil : tensor.values.count == count
    guard tensor.shape == extents, isWhole else {
      throw ReferenceError("\(what) has shape \(tensor.shape) and \(tensor.values.count) elements where \(extents) is declared")
    }
  }

  /// The scalar function an op names.
  func function(_ operation: Operation, _ attribute: String) throws(ReferenceError) -> Function {
    let name = operation.attributes.function(attribute) ?? ""
    guard let function = module.function(name) else { throw ReferenceError("the module has no function @\(name)") }
    return function
  }
}
