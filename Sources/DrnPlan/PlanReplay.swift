import DrnIR
import DrnKernels

/// Plays a function through on a model of the memory that remembers which value each byte range holds.
struct PlanReplay {
  /// What a byte range holds.
  private enum Content: Hashable {
    case value(Value)
    /// What a slot held before the call and no argument of this function names.
    case slot(Int)
  }
  private struct Range {
    var start: Int
    var end: Int
    /// The values of these bytes: several where reshapes of a value share its memory.
    var contents: Set<Content>
  }

  private let function: Function
  private let plan: FunctionPlan
  private let slots: [Slot]
  private var memory: [Range] = []
  private(set) var findings: [String] = []

  init(_ function: Function, _ plan: FunctionPlan, _ slots: [Slot]) {
    self.function = function
    self.plan = plan
    self.slots = slots
  }

  mutating func run() {
    for index in slots.indices { write(.slot(index), slots[index].offset, slots[index].layout.bytes) }
    for (port, slot) in zip(function.arguments, plan.argumentSlots) {
      write(.value(port.value), slots[slot].offset, slots[slot].layout.bytes)
    }
    for (time, operation) in function.operations.enumerated() { execute(operation, at: time) }
    requireJointApart()
    for move in plan.moves { copy(move) }
    for (port, slot) in zip(function.results, plan.resultSlots) {
      requireHeld(.value(port.value), slots[slot].offset, slots[slot].layout.bytes, "result \(port.name)")
    }
    requireOtherSlotsUntouched()
  }

  private mutating func execute(_ operation: Operation, at time: Int) {
    let what = "operation \(time) (\(operation.opcode.mnemonic))"
    for operand in operation.operands {
      guard let place = plan.placements[Int(operand.index)] else { continue }
      requireHeld(.value(operand), place.offset, place.layout.bytes, "\(what), operand value \(operand.index)")
    }
    var written: [Extent] = []
    let scratch = plan.scratch[time]
    if scratch.bytes > 0 {
      for operand in operation.operands {
        guard let place = plan.placements[Int(operand.index)], overlap(scratch, extent(place)) else { continue }
        findings.append("\(what): its work space overlaps operand value \(operand.index)")
      }
      requireFreeWorkSpace(operation, at: time, what)
      erase(scratch.offset, scratch.offset + scratch.bytes)
      written.append(scratch)
    }
    for (index, result) in operation.results.enumerated() {
      guard let place = plan.placements[Int(result.index)] else { continue }
      if written.contains(where: { overlap($0, extent(place)) }) {
        findings.append("\(what): result \(index) overlaps another result or work space")
      }
      if share(operation, result, place) { continue }
      requireSafeOverwriting(operation, index, place, what)
      written.append(extent(place))
      write(.value(result), place.offset, place.layout.bytes)
    }
  }

  /// Of operations that run at the same time, none writes what another reads or writes.
  private mutating func requireJointApart() {
    for (time, span) in JointFactorizations(function).spans.enumerated() where span.count > 1 {
      let written = function.operations[time].results.compactMap { plan.placements[Int($0.index)].map(extent) } + [plan.scratch[time]]
      for other in span where other != time {
        let operation = function.operations[other]
        let touched = (operation.operands + operation.results).compactMap { plan.placements[Int($0.index)].map(extent) }
        guard (touched + [plan.scratch[other]]).contains(where: { place in written.contains { overlap($0, place) } }) else { continue }
        findings.append("operation \(time) writes over memory of operation \(other), with which it runs")
      }
    }
  }

  /// A batch normalization may begin while the operation before it runs, reshapes aside.
  private mutating func requireFreeWorkSpace(_ operation: Operation, at time: Int, _ what: String) {
    guard [.batchNorm, .batchNormGradient, .batchNormFactors].contains(operation.opcode) else { return }
    var before = time - 1
    while before >= 0, function.operations[before].opcode == .reshape { before -= 1 }
    guard before >= 0 else { return }
    let operands = function.operations[before].operands.compactMap { plan.placements[Int($0.index)].map(extent) }
    guard (operands + [plan.scratch[before]]).contains(where: { overlap($0, plan.scratch[time]) }) else { return }
    findings.append("\(what): its work space overlaps memory of operation \(before), with which it may run")
  }

  /// Enters the result of a reshape beside its operand, where both are the same bytes; false where they are not.
  private mutating func share(_ operation: Operation, _ result: Value, _ place: Placement) -> Bool {
    guard operation.opcode == .reshape, let operand = operation.operands.first, let other = plan.placements[Int(operand.index)],
      place.offset == other.offset, place.layout == other.layout || isDense(place.layout) && isDense(other.layout),
      place.layout.bytes == other.layout.bytes,
      let index = memory.firstIndex(where: { $0.start == other.offset && $0.end == other.offset + other.layout.bytes })
    else { return false }
    memory[index].contents.insert(.value(result))
    return true
  }

  /// A result overlaps an operand only where it coincides with it and the op's kernel reads each element before it writes it.
  private mutating func requireSafeOverwriting(_ operation: Operation, _ result: Int, _ place: Placement, _ what: String) {
    for (position, operand) in operation.operands.enumerated() {
      guard let other = plan.placements[Int(operand.index)], overlap(extent(place), extent(other)) else { continue }
      let coincides = place.offset == other.offset && (place.layout == other.layout || isDense(place.layout) && isDense(other.layout))
      if !coincides || !worksInPlace(operation, position, result) {
        findings.append("\(what): result \(result) is written over operand value \(operand.index) while it is read")
      }
    }
  }

  private func worksInPlace(_ operation: Operation, _ position: Int, _ result: Int) -> Bool {
    let kinds = operation.attributes.integers("kinds") ?? []
    let isSameType = function.type(of: operation.operands[position]) == function.type(of: operation.results[result])
    if operation.opcode == .map { return isSameType && kinds.dropFirst(position).first == 0 }
    if operation.opcode == .matmul { return isSameType && position > 1 && kinds.dropFirst(position - 2).first == 0 }
    if operation.opcode == .reshape { return true }
    if operation.opcode == .cachedAttention { return isSameType && position == result + 2 && result > 0 }
    if operation.opcode == .batchNorm { return isSameType && result + 2 < operation.results.count && extra(position, 3, kinds) }
    if operation.opcode == .batchNormGradient { return isSameType && ![1, 2].contains(result) && extra(position, 5, kinds) }
    if operation.opcode == .dropout || operation.opcode == .softmaxCrossEntropyGradient { return position == 0 }
    return operation.opcode.isElementwise && isSameType
  }

  /// Whether the last pass of a batch normalization with so many operands of its own reads this one element by element.
  private func extra(_ position: Int, _ own: Int, _ kinds: [Int]) -> Bool {
    if position >= own { return kinds.dropFirst(position - own).first == 0 }
    return position == 0 || position == 1 && own == 5
  }

  private mutating func copy(_ move: Move) {
    guard let source = memory.first(where: { $0.start == move.source && $0.end >= move.source + move.bytes }) else {
      return findings.append("the copy from \(move.source) reads a range that holds no value")
    }
    write(source.contents, move.destination, move.bytes)
  }

  private mutating func requireOtherSlotsUntouched() {
    let returned = Set(plan.resultSlots)
    for index in slots.indices where !returned.contains(index) {
      let argument = zip(function.arguments, plan.argumentSlots).first { $1 == index }?.0.value
      let content = argument.map(Content.value) ?? .slot(index)
      requireHeld(content, slots[index].offset, slots[index].layout.bytes, "slot \(slots[index].name), which is not a result,")
    }
  }

  private mutating func requireHeld(_ content: Content, _ offset: Int, _ bytes: Int, _ what: String) {
    guard bytes > 0 else { return }
    let isHeld = memory.contains { $0.contents.contains(content) && $0.start <= offset && $0.end >= offset + bytes }
    if !isHeld { findings.append("\(what) has been overwritten or was never written") }
  }

  /// Replaces whatever the range held.
  private mutating func write(_ contents: Set<Content>, _ offset: Int, _ bytes: Int) {
    guard bytes > 0 else { return }
    erase(offset, offset + bytes)
    memory.append(Range(start: offset, end: offset + bytes, contents: contents))
  }

  private mutating func write(_ content: Content, _ offset: Int, _ bytes: Int) { write([content], offset, bytes) }

  /// Forgets the range; a value that loses a byte is gone.
  private mutating func erase(_ start: Int, _ end: Int) {
    memory.removeAll { $0.start < end && start < $0.end }
  }
}

private func extent(_ placement: Placement) -> Extent { Extent(offset: placement.offset, bytes: placement.layout.bytes) }

private func overlap(_ left: Extent, _ right: Extent) -> Bool {
  left.bytes > 0 && right.bytes > 0 && left.offset < right.offset + right.bytes && right.offset < left.offset + left.bytes
}

private func isDense(_ layout: Layout) -> Bool { layout.rows < 2 || layout.pitch == layout.columns }
