import DrnIR
import DrnKernels

/// How each result of a function reaches its slot: written there by its operation, or copied after the last one.
struct ResultRouting {
  /// Results that still have to be copied, with their slots, in order.
  private(set) var copied: [(value: Value, slot: Int)] = []
  /// The slot a value lies in: every argument, and every result written in place.
  private(set) var slotOfValue: [Value: Int] = [:]

  private let function: Function
  private let liveness: Liveness
  private let joint: JointFactorizations
  private let definers: [Value: Operation]

  init(_ function: Function, _ liveness: Liveness, _ joint: JointFactorizations, argumentSlots: [Int], resultSlots: [Int]) {
    self.function = function
    self.liveness = liveness
    self.joint = joint
    var definers: [Value: Operation] = [:]
    for operation in function.operations { for result in operation.results { definers[result] = operation } }
    self.definers = definers
    for (port, slot) in zip(function.arguments, argumentSlots) { slotOfValue[port.value] = slot }
    let arguments = Dictionary(zip(argumentSlots, function.arguments.map(\.value)), uniquingKeysWith: { first, _ in first })
    for (port, slot) in zip(function.results, resultSlots) { route(port.value, to: slot, replacing: arguments[slot], resultSlots) }
  }

  private mutating func route(_ value: Value, to slot: Int, replacing old: Value?, _ resultSlots: [Int]) {
    if value == old { return }
    if slotOfValue[value] == nil, mayWriteDirectly(value, slot, replacing: old, resultSlots) {
      slotOfValue[value] = slot
    } else {
      copied.append((value, slot))
    }
  }

  /// A result may be written over the argument it replaces when nothing reads the argument afterwards.
  private func mayWriteDirectly(_ value: Value, _ slot: Int, replacing old: Value?, _ resultSlots: [Int]) -> Bool {
    guard let definer = definers[value], let time = liveness.definition[Int(value.index)], let old else { return definers[value] != nil }
    let isReturnedElsewhere = zip(function.results, resultSlots).contains { $0.value == old && $1 != slot }
    if isReturnedElsewhere { return false }
    let last = liveness.lastRead(old)
    if last != time { return last < joint.spans[time].lowerBound }
    guard let result = definer.results.firstIndex(of: value) else { return false }
    return definer.operands.indices.allSatisfy { position in
      definer.operands[position] != old || mayOverwrite(definer, operand: position, result: result, in: function)
    }
  }
}
