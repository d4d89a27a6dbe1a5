import DrnIR

/// Replaces every `value_and_gradient` by the called function's operations followed by their reverse accumulation.
///
/// Rank dimensions may be symbolic. Functions without the op, the called ones included, stay as they are. Throws where the called function
/// contains an op without a gradient on the way from a differentiated operand to the loss, or itself takes gradients.
public func expandGradients(_ module: Module) throws(IRError) -> Module {
  var expanded = module
  for function in module.functions where function.takesGradients {
    expanded.set(try expandGradients(of: function, in: module))
  }
  return expanded
}

private func expandGradients(of function: Function, in module: Module) throws(IRError) -> Function {
  var builder = Builder(function: function.name, in: module)
  var copies = ValueMap()
  for port in function.arguments {
    copies[port.value] = builder.argument(port.name, role: port.role, function.type(of: port.value))
  }
  for operation in function.operations {
    builder.location = operation.location
    guard operation.opcode == .valueAndGradient else {
      try builder.append(operation, of: function, &copies)
      continue
    }
    let results = try differentiate(operation, arguments: try copies.images(of: operation.operands), in: &builder)
    guard results.count == operation.results.count else {
      throw IRError(
        "value_and_gradient records \(operation.results.count) results where it has \(results.count)", location: operation.location)
    }
    for (old, new) in zip(operation.results, results) {
      copies[old] = new
      if function.values.indices.contains(Int(old.index)), let hint = function.values[Int(old.index)].name { builder.name(new, hint) }
    }
  }
  for port in function.results {
    let value = try copies.images(of: [port.value])[0]
    builder.result(port.name, role: port.role, value)
  }
  return builder.function
}

/// The results of the called function, then one gradient for each operand named in `wrt`.
private func differentiate(_ call: Operation, arguments: [Value], in builder: inout Builder) throws(IRError) -> [Value] {
  let name = call.attributes.function("function") ?? ""
  guard let callee = builder.module.function(name) else { throw IRError("the module has no function @\(name)", location: call.location) }
  if callee.takesGradients { throw IRError("@\(name) takes gradients itself; it cannot be differentiated", location: call.location) }
  let wrt = call.attributes.integers("wrt") ?? []
  let distinct = try separate(arguments, wrt: wrt, in: &builder)
  let first = builder.function.operations.count
  let results = try inline(callee: callee, arguments: distinct, into: &builder)
  guard let loss = results.first else { throw IRError("@\(name) has no result to differentiate", location: call.location) }
  let seed = try builder.constant(1)
  let values = wrt.compactMap { distinct.indices.contains($0) ? distinct[$0] : nil }
  return results + (try pullBack(of: [loss], cotangents: [seed], wrt: values, in: &builder, from: first))
}

/// Gives a differentiated operand that is also passed elsewhere a value of its own, so that its gradient is that of this operand alone.
private func separate(_ arguments: [Value], wrt: [Int], in builder: inout Builder) throws(IRError) -> [Value] {
  var distinct = arguments
  for index in wrt where arguments.indices.contains(index) {
    let isShared = distinct.indices.contains { $0 != index && distinct[$0] == distinct[index] }
    if isShared { distinct[index] = try builder.reshape(distinct[index], to: builder.type(of: distinct[index]).shape) }
  }
  return distinct
}

extension Function {
  fileprivate var takesGradients: Bool { operations.contains { $0.opcode == .valueAndGradient } }
}
