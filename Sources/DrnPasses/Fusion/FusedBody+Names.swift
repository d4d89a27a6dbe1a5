import DrnIR

extension FusedBody {
  /// The body under a name, its arguments and results called after what they stand for: `weight`, `momentum`, `rate`, `new_weight`.
  ///
  /// Where layers share a body, the names are those of its first use.
  func named(_ name: String, in outer: Function) -> Function {
    var named = function
    named.name = name
    var taken = Set(named.arguments.map(\.name) + named.results.map(\.name))
    let first = named.arguments.count - operands.count
    for (index, operand) in operands.enumerated() {
      guard let hint = argumentHint(operand.value, operand.kind, in: outer), taken.insert(hint).inserted else { continue }
      named.arguments[first + index].name = hint
      named.values[Int(named.arguments[first + index].value.index)].name = hint
    }
    let firstResult = named.results.count - results.count
    for (number, result) in results.enumerated() where named.results.indices.contains(firstResult + number) {
      let index = firstResult + number
      guard let hint = resultHint(result, in: outer), taken.insert(hint).inserted else { continue }
      named.results[index].name = hint
      named.values[Int(named.results[index].value.index)].name = hint
    }
    return named
  }

  private func argumentHint(_ value: Value, _ kind: OperandKind, in outer: Function) -> String? {
    guard let port = outer.arguments.first(where: { $0.value == value }) else { return nil }
    return hint(port, isWeight: kind == .full)
  }

  private func resultHint(_ value: Value, in outer: Function) -> String? {
    guard let port = outer.results.first(where: { $0.value == value }), outer.argument(port.name) != nil else { return nil }
    return hint(port, isWeight: true).map { "new_" + $0 }
  }

  /// Any weight is `weight`; else the last part of the name, `momentum` of `fc1.weight.u/momentum`.
  private func hint(_ port: Port, isWeight: Bool) -> String? {
    if isWeight, port.role == .weight || port.role == .frozen { return "weight" }
    return port.name.split(whereSeparator: { $0 == "." || $0 == "/" }).last.map(String.init)
  }
}
