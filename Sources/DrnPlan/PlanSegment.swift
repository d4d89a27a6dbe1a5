import DrnIR
import DrnKernels

/// Plans one arena for the named functions of a concrete module.
///
/// Functions run one at a time, so their temporaries share one region. `scratch` says how many bytes the kernel of an operation works in.
/// A result that replaces an argument is written over it when no later operation reads the old value; otherwise it is made elsewhere and
/// copied at the end. Cost: quadratic in the number of values of a function.
public func planSegment(
  _ module: Module, functions names: [String], scratch: (Operation, Function) -> Int = { _, _ in 0 },
  pitch: PitchRule = alignedPitch
) throws(PlanError) -> SegmentPlan {
  var functions: [Function] = []
  for name in names {
    guard let function = module.function(name) else { throw .unknownFunction(name) }
    _ = try Liveness(function)
    functions.append(function)
  }
  var table = try SlotTable(functions, pitch: pitch)
  let base = try table.assignOffsets()
  var plans: [FunctionPlan] = []
  var peak = 0
  for (index, function) in functions.enumerated() {
    let (arguments, results) = (table.argumentSlots[index], table.resultSlots[index])
    let planner = try FunctionPlanner(
      function, slots: table.slots, argumentSlots: arguments, resultSlots: results, pitch: pitch, scratch: scratch)
    guard let packed = packBuffers(planner.buffers), let end = roundedUp(packed.end, to: SegmentPlan.alignment),
      checkedSum(base, end) != nil
    else { throw .tooLarge("the temporaries of @\(function.name)") }
    peak = max(peak, end)
    plans.append(planner.plan(offsets: packed.offsets.map { $0 + base }, argumentSlots: arguments, resultSlots: results))
  }
  return SegmentPlan(slots: table.slots, functions: plans, temporaryOffset: base, temporaryBytes: peak)
}
