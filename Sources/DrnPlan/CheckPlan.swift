import DrnIR
import DrnKernels

/// What is wrong with a plan for a module, one sentence per finding; empty for a sound plan.
///
/// Shares no code with the planner: sizes are recomputed from the types, and every function is played through byte range by byte range,
/// so that a value that is overwritten before its last use is found wherever the mistake lies. Cost: quadratic in the number of values.
public func checkPlan(_ plan: SegmentPlan, _ module: Module) -> [String] {
  var findings = checkSlots(plan)
  for functionPlan in plan.functions {
    guard let function = module.function(functionPlan.name) else {
      findings.append("the plan has @\(functionPlan.name), the module has not")
      continue
    }
    let shape = checkShape(functionPlan, function, plan)
    findings += shape
    guard shape.isEmpty else { continue }
    findings += checkPlacements(functionPlan, function, plan)
    var replay = PlanReplay(function, functionPlan, plan.slots)
    replay.run()
    findings += replay.findings.map { "@\(function.name): \($0)" }
  }
  return findings
}

/// Slots are aligned, large enough, apart from each other and from the temporary region.
private func checkSlots(_ plan: SegmentPlan) -> [String] {
  var findings: [String] = []
  for (index, slot) in plan.slots.enumerated() {
    if slot.offset % 64 != 0 || slot.offset < 0 { findings.append("slot \(slot.name) starts at \(slot.offset), not a multiple of 64") }
    findings += checkLayout(slot.layout, slot.type, "slot \(slot.name)")
    let end = slot.offset + slot.layout.bytes
    if end > plan.temporaryOffset { findings.append("slot \(slot.name) reaches into the temporary region") }
    for other in plan.slots[..<index] where slot.offset < other.offset + other.layout.bytes && other.offset < end {
      findings.append("slots \(other.name) and \(slot.name) overlap")
    }
  }
  return findings
}

/// A layout holds as many elements as the type, in rows that do not overlap.
private func checkLayout(_ layout: Layout, _ type: TensorType, _ what: String) -> [String] {
  guard let extents = type.extents else { return ["\(what) has a symbolic shape"] }
  let columns = extents.last ?? 1
  let rows = extents.dropLast().reduce(1, &*)
  let width = [.bf16: 2, .u64: 8][type.element] ?? 4
  var findings: [String] = []
  if layout.rows != rows || layout.columns != columns { findings.append("\(what) is laid out as \(layout.rows) x \(layout.columns)") }
  if layout.pitch < columns { findings.append("\(what) has rows of \(columns) elements \(layout.pitch) apart") }
  if layout.element != type.element || layout.bytes != rows &* layout.pitch &* width {
    findings.append("\(what) takes \(rows &* layout.pitch &* width) bytes, the plan says \(layout.bytes)")
  }
  return findings
}

/// The tables of a function's plan fit the function, so that the other checks may index them.
private func checkShape(_ plan: FunctionPlan, _ function: Function, _ segment: SegmentPlan) -> [String] {
  let slots = plan.argumentSlots + plan.resultSlots
  guard plan.placements.count == function.values.count, plan.scratch.count == function.operations.count,
    plan.argumentSlots.count == function.arguments.count, plan.resultSlots.count == function.results.count,
    slots.allSatisfy({ segment.slots.indices.contains($0) }),
    plan.placements.allSatisfy({ $0?.slot.map { segment.slots.indices.contains($0) } ?? true })
  else { return ["@\(function.name): the tables of the plan do not fit the function"] }
  return []
}

/// Every defined value has an aligned place of the right size inside the arena, for as long as it is used.
private func checkPlacements(_ plan: FunctionPlan, _ function: Function, _ segment: SegmentPlan) -> [String] {
  var findings: [String] = []
  let end = function.operations.count + plan.moves.count
  func check(_ value: Value, from definition: Int) {
    let what = "@\(function.name): value \(value.index)"
    guard let placement = plan.placements[Int(value.index)] else { return findings.append("\(what) has no place") }
    findings += checkLayout(placement.layout, function.type(of: value), what)
    if placement.offset % 64 != 0 { findings.append("\(what) starts at \(placement.offset), not a multiple of 64") }
    findings += checkRegion(placement, segment, what)
    var last = definition
    for (time, operation) in function.operations.enumerated() where operation.operands.contains(value) { last = max(last, time) }
    if function.results.contains(where: { $0.value == value }) { last = end }
    if placement.lifetime != definition...last {
      let planned = placement.lifetime
      findings.append("\(what) lives \(definition)...\(last), the plan says \(planned.lowerBound)...\(planned.upperBound)")
    }
  }
  for port in function.arguments { check(port.value, from: -1) }
  for (time, operation) in function.operations.enumerated() { for value in operation.results { check(value, from: time) } }
  for extent in plan.scratch where extent.bytes > 0 {
    let isInside = extent.offset >= segment.temporaryOffset && extent.offset + extent.bytes <= segment.totalBytes
    if !isInside || extent.offset % 64 != 0 { findings.append("@\(function.name): work space at \(extent.offset) is misplaced") }
  }
  return findings
}

/// A value lies exactly in its slot, or inside the temporary region.
private func checkRegion(_ placement: Placement, _ segment: SegmentPlan, _ what: String) -> [String] {
  let end = placement.offset + placement.layout.bytes
  if let index = placement.slot {
    let slot = segment.slots[index]
    let fits = placement.offset == slot.offset && placement.layout.bytes == slot.layout.bytes
    return fits ? [] : ["\(what) does not lie in slot \(slot.name)"]
  }
  let fits = placement.offset >= segment.temporaryOffset && end <= segment.totalBytes
  return fits ? [] : ["\(what) lies outside the temporary region"]
}
