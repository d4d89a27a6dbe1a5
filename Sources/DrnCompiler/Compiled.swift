import DrnCPU
import DrnIR
import DrnPlan
import Synchronization

/// Functions at fixed ranks that run in one arena, as they are run, priced, timed and printed. Copies share their plans.
public struct Compiled: Sendable {
  /// Every function, with those that others call.
  public let module: Module
  /// Those of `module` that are run.
  public let functions: [String]
  private let plans = Plans()

  init(module: Module, functions: [String]) {
    self.module = module
    self.functions = functions
  }

  /// The arena of a run with so many threads; made once.
  public func plan(threads: Int) throws(PlanError) -> SegmentPlan {
    if let known = plans[threads] { return known }
    let plan = try Segment.plan(module, functions: functions, threads: threads)
    plans[threads] = plan
    return plan
  }

  /// The numbers of threads a plan was made for.
  package var plannedThreads: [Int] { plans.threads }

  /// The functions planned and their memory allocated.
  public func segment(threads: Int) throws(ExecutionError) -> Segment {
    let plan: SegmentPlan
    do { plan = try self.plan(threads: threads) } catch { throw .plan(error) }
    return try Segment(module: module, plan: plan, threads: threads)
  }
}

/// The plans of one compiled module by the number of threads.
private final class Plans: Sendable {
  private let plans = Mutex<[Int: SegmentPlan]>([:])

  var threads: [Int] { plans.withLock { $0.keys.sorted() } }

  subscript(threads: Int) -> SegmentPlan? {
    get { plans.withLock { $0[threads] } }
    set { plans.withLock { $0[threads] = newValue } }
  }
}
