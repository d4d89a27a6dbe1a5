import CKernels
import DrnIR
import DrnKernels
import DrnPlan

/// Rows chosen by tokens, by blocks of rows of the result.
private struct TokenContext: BitwiseCopyable {
  let tokens: UnsafePointer<Int32>
  let count: Int
  /// The table, or what is summed; none of `one_hot`.
  let source: UnsafePointer<Float>?
  let sourcePitch: Int
  let sourceRows: Int
  let result: UnsafeMutablePointer<Float>
  let pitch: Int
  let rows: Int
  let columns: Int
  /// Rows of the result of one task.
  let block: Int

  func rows(of task: Int) -> Range<Int> { task * block..<min((task + 1) * block, rows) }
}

private let runOneHot: StepTask = { pointer, index in
  guard let task = pointer?.assumingMemoryBound(to: TokenContext.self).pointee else { return }
  for row in task.rows(of: index) {
    let (to, token) = (task.result + row * task.pitch, Int(task.tokens[row]))
    to.update(repeating: 0, count: task.columns)
    if 0 <= token, token < task.columns { to[token] = 1 }
  }
}

private let runGather: StepTask = { pointer, index in
  guard let task = pointer?.assumingMemoryBound(to: TokenContext.self).pointee, let source = task.source else { return }
  for row in task.rows(of: index) {
    let (to, token) = (task.result + row * task.pitch, Int(task.tokens[row]))
    if 0 <= token, token < task.sourceRows {
      to.update(from: source + token * task.sourcePitch, count: task.columns)
    } else {
      to.update(repeating: 0, count: task.columns)
    }
  }
}

/// Every task reads all tokens and adds the rows of those that name its own.
private let runScatter: StepTask = { pointer, index in
  guard let task = pointer?.assumingMemoryBound(to: TokenContext.self).pointee, let source = task.source else { return }
  let own = task.rows(of: index)
  for row in own { (task.result + row * task.pitch).update(repeating: 0, count: task.columns) }
  for row in 0..<task.count {
    let token = Int(task.tokens[row])
    if own.contains(token) { drn_add(source + row * task.sourcePitch, task.columns, task.result + token * task.pitch) }
  }
}

extension KernelPreparation {
  /// Appends the steps of an op of tokens.
  mutating func prepare(_ op: TokenOp, _ call: Call) throws(ExecutionError) {
    let (tokens, result) = (try call.operand(0), try call.result(0))
    let source = op == .oneHot ? nil : try call.operand(1)
    let elements = max(1, 8192 / max(result.columns, 1))
    // Each task of a scatter reads all tokens, which must take less than adding its rows.
    let block = op == .scatterRows ? max(blockCount(result.rows, min(32, 4 + result.columns / 16)), 1) : elements
    let context = TokenContext(
      tokens: tokens.labels, count: tokens.layout.count, source: source.map { UnsafePointer($0.floats) }, sourcePitch: source?.pitch ?? 0,
      sourceRows: source?.rows ?? 0, result: result.floats, pitch: result.pitch, rows: result.rows, columns: result.columns, block: block)
    let count = blockCount(result.rows, block)
    switch op {
    case .oneHot: append(runOneHot, context, count: count)
    case .gatherRows: append(runGather, context, count: count)
    case .scatterRows: append(runScatter, context, count: count)
    }
  }
}
