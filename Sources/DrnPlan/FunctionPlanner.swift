import DrnIR
import DrnKernels

/// Plans the temporaries of one function: which values share a buffer, how long each buffer lives, and what is copied at the end.
struct FunctionPlanner {
  let function: Function
  let slots: [Slot]
  let liveness: Liveness
  let routing: ResultRouting
  let layouts: [Layout?]
  private let joint: JointFactorizations
  /// The buffers of the temporary region, each for one value or several in turn.
  private(set) var buffers: [Buffer] = []
  private var bufferOfValue: [Value: Int] = [:]
  private var moves: [PendingMove] = []
  private var scratchBuffers: [Int] = []

  /// A copy whose addresses are not known yet.
  private struct PendingMove {
    enum Place {
      case slot(Int)
      case buffer(Int)
    }
    var source: Place
    var destination: Place
    var bytes: Int
  }

  init(
    _ function: Function, slots: [Slot], argumentSlots: [Int], resultSlots: [Int], pitch: PitchRule, scratch: (Operation, Function) -> Int
  ) throws(PlanError) {
    self.function = function
    self.slots = slots
    liveness = try Liveness(function)
    joint = JointFactorizations(function)
    routing = ResultRouting(function, liveness, joint, argumentSlots: argumentSlots, resultSlots: resultSlots)
    var layouts: [Layout?] = []
    let tight = pixelMatrices(function).subtracting(routing.slotOfValue.keys)
    for (index, info) in function.values.enumerated() {
      let isDefined = liveness.definition[index] != nil
      let rule = tight.contains(Value(index)) ? tightPitch : pitch
      layouts.append(isDefined ? try layout(of: info.type, named: info.name ?? "value \(index)", in: function, pitch: rule) : nil)
    }
    self.layouts = layouts
    for (time, operation) in function.operations.enumerated() {
      for index in operation.results.indices { place(operation, index, at: time) }
      scratchBuffers.append(buffers.count)
      let work = min(joint.spans[time].lowerBound, startOfWork(time, in: function))...joint.spans[time].upperBound
      buffers.append(Buffer(bytes: max(0, scratch(operation, function)), lifetime: work))
    }
    scheduleMoves()
  }

  /// Puts a result into a dying operand's buffer where the kernel allows, else into a new one.
  private mutating func place(_ operation: Operation, _ index: Int, at time: Int) {
    let value = operation.results[index]
    guard routing.slotOfValue[value] == nil, let layout = layouts[Int(value.index)] else { return }
    let isCopied = routing.copied.contains { $0.value == value }
    let end = max(joint.spans[time].upperBound, isCopied ? function.operations.count : endOfReads(value))
    if let viewed = viewedBuffer(operation, layout) {
      buffers[viewed].lifetime = buffers[viewed].lifetime.lowerBound...max(buffers[viewed].lifetime.upperBound, end)
      bufferOfValue[value] = viewed
    } else if let reused = reusableBuffer(operation, index, layout, at: time) {
      buffers[reused].bytes = max(buffers[reused].bytes, layout.bytes)
      buffers[reused].lifetime = buffers[reused].lifetime.lowerBound...end
      bufferOfValue[value] = reused
    } else {
      bufferOfValue[value] = buffers.count
      buffers.append(Buffer(bytes: layout.bytes, lifetime: joint.spans[time].lowerBound...end))
    }
  }

  /// The last operation that runs while the value is read.
  private func endOfReads(_ value: Value) -> Int {
    let last = liveness.lastRead(value)
    return joint.spans.indices.contains(last) ? joint.spans[last].upperBound : last
  }

  /// The buffer of what a reshape reads, where the same bytes are its result: both are then one memory.
  private func viewedBuffer(_ operation: Operation, _ layout: Layout) -> Int? {
    guard operation.opcode == .reshape, let operand = operation.operands.first, let operandLayout = layouts[Int(operand.index)],
      coincide(operandLayout, layout)
    else { return nil }
    return bufferOfValue[operand]
  }

  private func reusableBuffer(_ operation: Operation, _ index: Int, _ layout: Layout, at time: Int) -> Int? {
    for position in operation.operands.indices {
      let operand = operation.operands[position]
      guard let buffer = bufferOfValue[operand], buffers[buffer].lifetime.upperBound == time, liveness.lastRead(operand) == time,
        let operandLayout = layouts[Int(operand.index)], coincide(operandLayout, layout)
      else { continue }
      let isTaken = operation.results.contains { bufferOfValue[$0] == buffer }
      let positions = operation.operands.indices.filter { bufferOfValue[operation.operands[$0]] == buffer }
      if !isTaken, positions.allSatisfy({ mayOverwrite(operation, operand: $0, result: index, in: function) }) { return buffer }
    }
    return nil
  }

  /// Arguments that another copy overwrites are saved first, so that the order of the copies does not matter.
  private mutating func scheduleMoves() {
    let overwritten = Set(routing.copied.map(\.slot))
    var sources: [PendingMove.Place] = []
    for (value, _) in routing.copied {
      if let slot = routing.slotOfValue[value] {
        guard overwritten.contains(slot) else {
          sources.append(.slot(slot))
          continue
        }
        moves.append(PendingMove(source: .slot(slot), destination: .buffer(buffers.count), bytes: slots[slot].layout.bytes))
        sources.append(.buffer(buffers.count))
        buffers.append(Buffer(bytes: slots[slot].layout.bytes, lifetime: function.operations.count...function.operations.count))
      } else if let buffer = bufferOfValue[value] {
        sources.append(.buffer(buffer))
      }
    }
    for (copy, source) in zip(routing.copied, sources) {
      moves.append(PendingMove(source: source, destination: .slot(copy.slot), bytes: slots[copy.slot].layout.bytes))
    }
    extendLifetimesOfMovedBuffers()
  }

  private mutating func extendLifetimesOfMovedBuffers() {
    let end = function.operations.count + moves.count
    for move in moves {
      if case .buffer(let buffer) = move.source { buffers[buffer].lifetime = buffers[buffer].lifetime.lowerBound...end }
    }
  }

  /// The finished plan, once the offsets of the buffers within the arena are known.
  func plan(offsets: [Int], argumentSlots: [Int], resultSlots: [Int]) -> FunctionPlan {
    let end = function.operations.count + moves.count
    let returned = Set(function.results.map(\.value))
    let placements = function.values.indices.map { index -> Placement? in
      guard let layout = layouts[index], let start = liveness.definition[index] else { return nil }
      let value = Value(index)
      let last = returned.contains(value) ? end : max(start, liveness.lastRead(value))
      let slot = routing.slotOfValue[value]
      let offset = slot.map { slots[$0].offset } ?? bufferOfValue[value].map { offsets[$0] } ?? 0
      return Placement(layout: layout, offset: offset, slot: slot, lifetime: start...last)
    }
    func address(_ place: PendingMove.Place) -> Int {
      switch place {
      case .slot(let index): slots[index].offset
      case .buffer(let index): offsets[index]
      }
    }
    return FunctionPlan(
      name: function.name, placements: placements,
      scratch: scratchBuffers.map { Extent(offset: offsets[$0], bytes: buffers[$0].bytes) },
      moves: moves.map { Move(source: address($0.source), destination: address($0.destination), bytes: $0.bytes) },
      argumentSlots: argumentSlots, resultSlots: resultSlots)
  }
}
