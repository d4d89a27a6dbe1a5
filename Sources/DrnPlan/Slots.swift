import DrnIR
import DrnKernels

/// The slots of a segment: one per named argument or result, in order of first appearance within each kind.
struct SlotTable {
  private(set) var slots: [Slot] = []
  private(set) var argumentSlots: [[Int]] = []
  private(set) var resultSlots: [[Int]] = []

  init(_ functions: [Function], pitch: PitchRule) throws(PlanError) {
    for function in functions {
      try requireDistinct(function.arguments, in: function)
      try requireDistinct(function.results, in: function)
      var indices: [Int] = []
      for port in function.arguments { indices.append(try enterArgument(port, function, pitch)) }
      argumentSlots.append(indices)
    }
    for function in functions {
      var indices: [Int] = []
      for port in function.results { indices.append(try enterResult(port, function, pitch)) }
      resultSlots.append(indices)
    }
  }

  private mutating func enterArgument(_ port: Port, _ function: Function, _ pitch: PitchRule) throws(PlanError) -> Int {
    let type = function.type(of: port.value)
    if let index = slots.firstIndex(where: { $0.name == port.name }) {
      guard slots[index].type == type else {
        throw .conflictingPort(name: port.name, first: describe(slots[index].type), second: describe(type))
      }
      return index
    }
    return try append(port, type, function, pitch, isArgument: true)
  }

  /// A result goes to the argument slot of its name when the types agree; a transition to another shape gets a slot of its own.
  private mutating func enterResult(_ port: Port, _ function: Function, _ pitch: PitchRule) throws(PlanError) -> Int {
    let type = function.type(of: port.value)
    if let index = slots.firstIndex(where: { $0.name == port.name && $0.type == type }) {
      slots[index].isResult = true
      return index
    }
    if let other = slots.first(where: { $0.name == port.name && $0.isResult }) {
      throw .conflictingPort(name: port.name, first: describe(other.type), second: describe(type))
    }
    let index = try append(port, type, function, pitch, isArgument: false)
    slots[index].isResult = true
    return index
  }

  private mutating func append(
    _ port: Port, _ type: TensorType, _ function: Function, _ pitch: PitchRule, isArgument: Bool
  ) throws(PlanError) -> Int {
    let layout = try layout(of: type, named: port.name, in: function, pitch: pitch)
    let kind = port.role.slotKind(isArgument: isArgument)
    slots.append(
      Slot(
        name: port.name, role: port.role, kind: kind, type: type, layout: layout, offset: 0, isArgument: isArgument, isResult: false))
    return slots.count - 1
  }

  /// Lays the slots out by kind and returns the offset behind the last.
  mutating func assignOffsets() throws(PlanError) -> Int {
    var end = 0
    for kind in Slot.Kind.allCases {
      for index in slots.indices where slots[index].kind == kind {
        slots[index].offset = end
        guard let next = checkedSum(end, slots[index].layout.bytes), let aligned = roundedUp(next, to: SegmentPlan.alignment) else {
          throw .tooLarge("the arguments and results together")
        }
        end = aligned
      }
    }
    return end
  }
}

extension Role {
  fileprivate func slotKind(isArgument: Bool) -> Slot.Kind {
    switch self {
    case .weight, .frozen, .state, .buffer: .persistent
    case .batch, .scalar, .key, .plain: isArgument ? .input : .output
    case .output: .output
    }
  }
}

private func requireDistinct(_ ports: [Port], in function: Function) throws(PlanError) {
  var seen: Set<String> = []
  for port in ports where !seen.insert(port.name).inserted {
    throw .repeatedPort(function: function.name, name: port.name)
  }
}

/// The layout of a value's type; an error where it is symbolic or cannot be counted.
func layout(of type: TensorType, named name: String, in function: Function, pitch: PitchRule) throws(PlanError) -> Layout {
  guard type.extents != nil else { throw .symbolicShape(function: function.name, value: name) }
  guard let layout = Layout(type, pitch: pitch) else { throw .tooLarge("\(name) in @\(function.name)") }
  return layout
}

/// A type as `f32[128, 784]`.
func describe(_ type: TensorType) -> String {
  let extents = type.shape.map { $0.value.map(String.init) ?? "?" }
  return "\(type.element.rawValue)[\(extents.joined(separator: ", "))]"
}
