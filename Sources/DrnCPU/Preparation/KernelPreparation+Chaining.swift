import CKernels
import DrnKernels
import DrnPlan

/// The last step, where its tasks write successive rows of one result.
struct RowStep {
  let result: UnsafeMutableRawPointer
  let rows: Int
  /// Rows of one task; the last may have fewer.
  let block: Int
  /// The number of the step.
  let index: Int
  /// The number of its operation.
  let time: Int
}

/// Tasks of a step, each followed by those of the next that need only their rows.
private struct ChainContext: BitwiseCopyable {
  let first: drn_step
  let second: drn_step
  /// Tasks of each step in one task.
  let firstCount: Int
  let secondCount: Int
}

private let runChain: StepTask = { pointer, index in
  guard let chain = pointer?.assumingMemoryBound(to: ChainContext.self).pointee else { return }
  run(chain.first, index, chain.firstCount)
  run(chain.second, index, chain.secondCount)
}

private func run(_ step: drn_step, _ index: Int, _ count: Int) {
  for task in index * count..<min((index + 1) * count, step.task_count) { step.task(step.context, task) }
}

extension KernelPreparation {
  /// Appends a step of one task for each block of `block` rows of `operands`.
  ///
  /// Where the step before has just written one of them by rows, its tasks and these become one: the rows are then still in cache. The plan
  /// keeps the work space of such operations apart (`startOfWork`).
  mutating func appendByRows<Context: BitwiseCopyable>(
    _ task: StepTask, _ context: Context, rows: Int, block: Int, reading operands: [Tensor]
  ) {
    let written = rowStep
    append(task, context, count: blockCount(rows, block))
    guard let written, written.index == steps.count - 2, written.time >= startOfWork(time, in: function), written.rows == rows,
      operands.contains(where: { $0.pointer == written.result }), written.block % block == 0 || block % written.block == 0
    else { return }
    let (second, first) = (removeLastStep(), removeLastStep())
    let joined = max(written.block, block)
    let chain = ChainContext(first: first, second: second, firstCount: joined / written.block, secondCount: joined / block)
    append(runChain, chain, count: blockCount(rows, joined))
  }
}
