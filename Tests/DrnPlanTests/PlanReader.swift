import DrnIR
import DrnTestSupport

@testable import DrnPlan

/// The plan of a text of `SegmentPlan.text(of:)`.
///
/// Slots, places, lifetimes, work space and copies are read; what the module alone says is taken from there: which slot is a port's, and
/// until when an argument is read. Throws where a line is none of a plan or contradicts the module.
func readPlan(_ text: String, of module: Module) throws -> SegmentPlan {
  var reader = try PlanReader(text, module)
  return try reader.read()
}

private struct PlanReader {
  private let module: Module
  private var lines: ArraySlice<Substring>
  private var slots: [Slot] = []
  private let total: Int
  private let temporaryBytes: Int

  init(_ text: String, _ module: Module) throws {
    self.module = module
    lines = text.split(separator: "\n")[...]
    guard let arena = lines.popFirst()?.wholeMatch(of: /arena (\d+) bytes, aligned to (\d+)/), arena.2 == "\(SegmentPlan.alignment)" else {
      throw TestFailure(description: "no arena")
    }
    while lines.first?.wholeMatch(of: /\ \ [a-z]+ \d+/) != nil { lines.removeFirst() }
    let sizes = /\ \ inputs \d+, outputs \d+, temporaries (\d+) \(work space at most \d+\)/
    guard let line = lines.popFirst(), let temporaries = line.wholeMatch(of: sizes), lines.popFirst() == "slots" else {
      throw TestFailure(description: "no sizes")
    }
    (total, temporaryBytes) = (Int(arena.1) ?? 0, Int(temporaries.1) ?? 0)
  }

  mutating func read() throws -> SegmentPlan {
    while let line = lines.first, line.hasPrefix("  ") { try readSlot(line) }
    for index in slots.indices {
      slots[index].isArgument = false
      slots[index].isResult = false
    }
    var functions: [FunctionPlan] = []
    while let line = lines.popFirst() {
      guard line.hasPrefix("@"), let function = module.function(String(line.dropFirst())) else { throw failure(line) }
      functions.append(try readFunction(function))
    }
    return SegmentPlan(slots: slots, functions: functions, temporaryOffset: total - temporaryBytes, temporaryBytes: temporaryBytes)
  }

  private func failure(_ line: Substring) -> TestFailure { TestFailure(description: "no line of a plan: \(line)") }

  private mutating func readSlot(_ line: Substring) throws {
    let form = /\ \ (\d+)\.\.<(\d+) (\w+) (.+) (\w+) (\w+)\[([\d, ]*)\](?: pitch (\d+))?/
    guard let match = line.wholeMatch(of: form), let kind = Slot.Kind(rawValue: String(match.3)),
      let role = Role(rawValue: String(match.5)),
      let start = Int(match.1), let end = Int(match.2), let type = type(match.6, match.7)
    else { throw failure(line) }
    slots.append(
      Slot(
        name: String(match.4), role: role, kind: kind, type: type, layout: try layout(type, end - start, match.8, line), offset: start,
        isArgument: false, isResult: false))
    lines.removeFirst()
  }

  private func type(_ element: Substring, _ extents: Substring) -> TensorType? {
    ElementType(rawValue: String(element)).map { TensorType($0, extents.split(separator: ", ").map { Dimension(Int($0) ?? -1) }) }
  }

  /// The layout of so many bytes; the pitch is written where there are gaps.
  private func layout(_ type: TensorType, _ bytes: Int, _ pitch: Substring?, _ line: Substring) throws -> Layout {
    let rows = (type.extents ?? []).dropLast().reduce(1, *)
    let found = bytes / max(1, rows * type.element.bytes)
    guard let layout = Layout(type, pitch: { _ in found }), layout.bytes == bytes, pitch.map({ Int($0) == layout.pitch }) ?? layout.isTight
    else { throw failure(line) }
    return layout
  }

  private mutating func readFunction(_ function: Function) throws -> FunctionPlan {
    let empty = Extent(offset: total - temporaryBytes, bytes: 0)
    var plan = FunctionPlan(
      name: function.name, placements: Array(repeating: nil, count: function.values.count),
      scratch: Array(repeating: empty, count: function.operations.count), moves: [], argumentSlots: [], resultSlots: [])
    while let line = lines.first, line.hasPrefix("  ") {
      lines.removeFirst()
      if let match = line.wholeMatch(of: /\ \ (\d+)\.\.<(\d+) work space of operation (\d+)/), let time = Int(match.3),
        let start = Int(match.1)
      {
        guard plan.scratch.indices.contains(time) else { throw failure(line) }
        plan.scratch[time] = Extent(offset: start, bytes: (Int(match.2) ?? 0) - start)
      } else if let match = line.wholeMatch(of: /\ \ (\d+)\.\.<(\d+) copied from (\d+)/), let start = Int(match.1),
        let source = Int(match.3)
      {
        plan.moves.append(Move(source: source, destination: start, bytes: (Int(match.2) ?? 0) - start))
      } else {
        try readPlacement(line, function, &plan)
      }
    }
    try addPorts(of: function, &plan)
    return plan
  }

  private func readPlacement(_ line: Substring, _ function: Function, _ plan: inout FunctionPlan) throws {
    let form = /\ \ (\d+)\.\.<(\d+) %(\d+)(?: .*)? (\w+) (\w+)\[([\d, ]*)\](?: pitch (\d+))? lives (\d+)\.\.\.(\d+)(?: in (.+))?/
    guard let match = line.wholeMatch(of: form), let start = Int(match.1), let end = Int(match.2), let index = Int(match.3),
      let first = Int(match.8), let last = Int(match.9), plan.placements.indices.contains(index), let type = type(match.5, match.6)
    else { throw failure(line) }
    let slot = match.10.map { name in slots.firstIndex { $0.name == name && $0.type == type } }
    guard slot != .some(nil), type == function.type(of: Value(index)) else { throw failure(line) }
    plan.placements[index] = Placement(
      layout: try layout(type, end - start, match.7, line), offset: start, slot: slot ?? nil, lifetime: first...last)
  }

  /// The slots of arguments and results, and the places of arguments, which the text shows once, as slots.
  private mutating func addPorts(of function: Function, _ plan: inout FunctionPlan) throws {
    func slot(_ port: Port) throws -> Int {
      let type = function.type(of: port.value)
      guard let index = slots.firstIndex(where: { $0.name == port.name && $0.type == type }) else {
        throw TestFailure(description: "@\(function.name) has no slot for \(port.name)")
      }
      return index
    }
    let end = function.operations.count + plan.moves.count
    for port in function.arguments {
      let index = try slot(port)
      slots[index].isArgument = true
      plan.argumentSlots.append(index)
      let isReturned = function.results.contains { $0.value == port.value }
      let last = isReturned ? end : function.operations.lastIndex { $0.operands.contains(port.value) } ?? -1
      plan.placements[Int(port.value.index)] = Placement(
        layout: slots[index].layout, offset: slots[index].offset, slot: index, lifetime: -1...last)
    }
    for port in function.results {
      let index = try slot(port)
      slots[index].isResult = true
      plan.resultSlots.append(index)
    }
  }
}
