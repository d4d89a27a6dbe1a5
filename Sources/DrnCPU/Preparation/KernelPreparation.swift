import CKernels
import DrnIR
import DrnKernels
import DrnPlan

/// The work of one task of a step: a context at a fixed address, and the number of the task.
typealias StepTask = @convention(c) (UnsafeMutableRawPointer?, Int) -> Void

/// What a factorization, or a product of half width, reports after a run.
struct StatusWatch {
  let status: UnsafeMutablePointer<Int32>
  let opcode: Opcode
  let value: String

  /// The error where the status is none of success.
  var failure: ExecutionError? {
    guard status.pointee != 0 else { return nil }
    if opcode == .matmul { return .product(status: Int(status.pointee)) }
    return factorizationFailure(status.pointee).map { .factorization(opcode: opcode.mnemonic, value: value, reason: $0) }
  }
}

/// Runs the only task of a step that lies in an array of them.
private let runStep: StepTask = { pointer, index in
  guard let step = pointer?.assumingMemoryBound(to: drn_step.self)[index] else { return }
  step.task(step.context, 0)
}

/// Turns the operations of one function into steps: pointers and sizes resolved, nothing left to look up.
struct KernelPreparation {
  let module: Module
  let function: Function
  let plan: FunctionPlan
  let arena: Arena
  let memory: StepMemory
  let workspaces: Workspaces
  let isGuarded: Bool
  private(set) var steps: [drn_step] = []
  /// The operations each step works for: several where their tasks are joined, none after the last one for the moves.
  private(set) var owners: [ClosedRange<Int>] = []
  /// The first owner of steps that were taken off to be joined in the next.
  private var firstOwner: Int?
  private(set) var watches: [StatusWatch] = []
  /// The last step, if it is one whose rows a following one may read at once.
  private(set) var rowStep: RowStep?
  /// The operation being prepared.
  private(set) var time = 0

  init(
    module: Module, function: Function, plan: FunctionPlan, arena: Arena, memory: StepMemory, workspaces: Workspaces, isGuarded: Bool
  ) {
    self.isGuarded = isGuarded
    self.module = module
    self.function = function
    self.plan = plan
    self.arena = arena
    self.memory = memory
    self.workspaces = workspaces
  }

  /// Appends the steps of every operation, then of the moves.
  mutating func prepareAll() throws(ExecutionError) {
    let spans = JointFactorizations(function).spans
    for (index, operation) in function.operations.enumerated() {
      time = index
      try prepare(try resolve(operation, scratch: plan.scratch[index]))
      if spans[index].count > 1, spans[index].upperBound == index { joinLastSteps(spans[index].count) }
    }
    time = function.operations.count
    for move in plan.moves { appendMove(move) }
  }

  /// Appends a step of `count` tasks that share `context`; nothing when there is nothing to do.
  mutating func append<Context: BitwiseCopyable>(_ task: StepTask, _ context: Context, count: Int = 1) {
    guard count > 0 else { return }
    steps.append(drn_step(task: task, context: UnsafeMutableRawPointer(memory.store(context)), task_count: count))
    owners.append((firstOwner ?? time)...time)
    firstOwner = nil
  }

  /// Appends a step whose tasks write blocks of `block` rows of `result`.
  mutating func append<Context: BitwiseCopyable>(_ task: StepTask, _ context: Context, writing result: Tensor, rows: Int, block: Int) {
    append(task, context, count: blockCount(rows, block))
    rowStep = RowStep(result: result.pointer, rows: rows, block: block, index: steps.count - 1, time: time)
  }

  /// Takes off a step that the next one appended contains.
  mutating func removeLastStep() -> drn_step {
    firstOwner = min(firstOwner ?? time, owners.removeLast().lowerBound)
    return steps.removeLast()
  }

  /// Makes tasks of one step of the last steps, each of one task.
  private mutating func joinLastSteps(_ count: Int) {
    let joined = (0..<count).map { _ in removeLastStep() }
    let tasks = memory.store(Array(joined.reversed()))
    steps.append(drn_step(task: runStep, context: UnsafeMutableRawPointer(tasks), task_count: count))
    owners.append((firstOwner ?? time)...time)
    firstOwner = nil
  }

  /// Reports an operation that wrote something other than 0 to `status`.
  mutating func watch(_ status: UnsafeMutablePointer<Int32>, _ call: Call) {
    let value = call.operation.operands.first.map(nameOf) ?? ""
    watches.append(StatusWatch(status: status, opcode: call.operation.opcode, value: value))
  }

  private func nameOf(_ value: Value) -> String {
    if let port = function.arguments.first(where: { $0.value == value }) { return port.name }
    return function.values[Int(value.index)].name ?? "%\(value.index)"
  }

  private func resolve(_ operation: Operation, scratch: Extent) throws(ExecutionError) -> Call {
    var operands: [Tensor] = []
    for value in operation.operands { operands.append(try tensor(value, operation)) }
    var results: [Tensor] = []
    for value in operation.results { results.append(try tensor(value, operation)) }
    return Call(
      operation: operation, operands: operands, results: results, scratch: arena.base + scratch.offset, isGuarded: isGuarded)
  }

  private func tensor(_ value: Value, _ operation: Operation) throws(ExecutionError) -> Tensor {
    guard let placement = plan.placements[Int(value.index)] else {
      throw .missingKernel(opcode: operation.opcode.mnemonic, reason: "a value has no place in memory")
    }
    return Tensor(pointer: arena.base + placement.offset, type: function.type(of: value), layout: placement.layout)
  }
}

/// One operation with its memory.
struct Call {
  let operation: Operation
  let operands: [Tensor]
  let results: [Tensor]
  let scratch: UnsafeMutableRawPointer
  let isGuarded: Bool
  var attributes: Attributes { operation.attributes }

  /// The error for an operation that the verifier should not have let pass.
  func unsupported(_ reason: String) -> ExecutionError { .missingKernel(opcode: operation.opcode.mnemonic, reason: reason) }
  func operand(_ index: Int) throws(ExecutionError) -> Tensor {
    guard operands.indices.contains(index) else { throw unsupported("operand \(index) is missing") }
    return operands[index]
  }
  func result(_ index: Int) throws(ExecutionError) -> Tensor {
    guard results.indices.contains(index) else { throw unsupported("result \(index) is missing") }
    return results[index]
  }
}
