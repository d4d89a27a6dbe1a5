import CKernels
import DrnIR
import DrnPlan

/// The functions of a concrete module, ready to run in one arena.
///
/// Not for use by two threads at once: all functions share the arena. Results do not depend on `threads`.
public final class Segment {
  /// Where everything lies in the arena.
  public let plan: SegmentPlan
  /// Threads that share the tasks of a step.
  public let threads: Int
  let arena: Arena
  private let isGuarded: Bool
  private let memory = StepMemory()
  private let workspaces: Workspaces
  private var entries: [Entry] = []

  /// Plans and allocates the arena, and prepares the steps of every named function.
  ///
  /// The arena is zero at first. Errors: a function that is missing or symbolic, memory that does not suffice, an op without a kernel.
  /// A guarded segment gives the same results and is slower; see `MemoryGuard`.
  public convenience init(
    module: Module, functions: [String], threads: Int, isGuarded: Bool = MemoryGuard.isDefault
  ) throws(ExecutionError) {
    let plan: SegmentPlan
    do { plan = try Self.plan(module, functions: functions, threads: threads) } catch { throw .plan(error) }
    try self.init(module: module, plan: plan, threads: threads, isGuarded: isGuarded)
  }

  /// As above, by a plan that `Segment.plan` made for the same module and threads.
  public init(module: Module, plan: SegmentPlan, threads: Int, isGuarded: Bool = MemoryGuard.isDefault) throws(ExecutionError) {
    self.isGuarded = isGuarded
    workspaces = Workspaces(threads: threads)
    self.threads = workspaces.count
    self.plan = plan
    arena = try Arena(bytes: plan.totalBytes, margin: isGuarded ? MemoryGuard.margin : 0)
    for functionPlan in plan.functions {
      guard let function = module.function(functionPlan.name) else { throw .unknownFunction(functionPlan.name) }
      entries.append(try prepare(module, function, functionPlan))
    }
    memory.allocatePacking(threads: workspaces.count)
  }

  private func prepare(_ module: Module, _ function: Function, _ plan: FunctionPlan) throws(ExecutionError) -> Entry {
    var preparation = KernelPreparation(
      module: module, function: function, plan: plan, arena: arena, memory: memory, workspaces: workspaces, isGuarded: isGuarded)
    try preparation.prepareAll()
    let memoryGuard =
      isGuarded ? MemoryGuard(function, plan, arena, owners: preparation.owners, threads: workspaces.count) : nil
    return Entry(
      name: function.name, steps: memory.store(preparation.steps), count: preparation.steps.count, threads: threads,
      owners: preparation.owners, memoryGuard: memoryGuard, watches: preparation.watches, memory: memory, arena: arena,
      workspaces: workspaces)
  }

  /// One function, ready to run; it keeps what it needs alive.
  public struct Entry {
    /// The name of the function in the module.
    public let name: String
    let steps: UnsafeMutablePointer<drn_step>
    let count: Int
    let threads: Int
    /// The operations each step works for.
    let owners: [ClosedRange<Int>]
    let memoryGuard: MemoryGuard?
    fileprivate let watches: [StatusWatch]
    fileprivate let memory: StepMemory
    fileprivate let arena: Arena
    fileprivate let workspaces: Workspaces

    /// Runs the function once: reads its arguments from their slots and leaves its results in theirs.
    ///
    /// An error where a factorization or a product failed, or where a guarded run saw a write outside its memory; results are then not to be used.
    public func run() throws(ExecutionError) {
      if let memoryGuard {
        try memoryGuard.run(steps, count, threads: threads)
      } else {
        drn_program_run(steps, count, Int32(threads))
      }
      for watch in watches { if let failure = watch.failure { throw failure } }
    }
  }

  /// The function of that name, for running it many times.
  public func entry(_ function: String) throws(ExecutionError) -> Entry {
    guard let entry = entries.first(where: { $0.name == function }) else { throw .unknownFunction(function) }
    return entry
  }

  /// Runs the function of that name once.
  public func run(_ function: String) throws(ExecutionError) { try entry(function).run() }
}
