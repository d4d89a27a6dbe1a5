import DrnIR
import DrnKernels
import DrnPlan

extension Segment {
  /// The plan a segment of these functions would have, without allocating its arena.
  public static func plan(_ module: Module, functions: [String], threads: Int) throws(PlanError) -> SegmentPlan {
    let count = Workspaces(threads: threads).count
    return try planSegment(module, functions: functions, scratch: { kernelWorkSpace($0, $1, threads: count).bytes })
  }
}
