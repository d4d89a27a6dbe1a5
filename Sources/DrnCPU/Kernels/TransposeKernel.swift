import DrnIR
import DrnPlan

/// A transposition in square blocks, so that both memories are used by whole cache lines.
private struct TransposeContext: BitwiseCopyable {
  let source: UnsafePointer<Float>
  let sourcePitch: Int
  let destination: UnsafeMutablePointer<Float>
  let pitch: Int
  let rows: Int
  let columns: Int
}

private let transposeBlock = 32

private let runTranspose: StepTask = { pointer, index in
  guard let task = pointer?.assumingMemoryBound(to: TransposeContext.self).pointee else { return }
  let first = index * transposeBlock
  let last = min(first + transposeBlock, task.rows)
  for start in stride(from: 0, to: task.columns, by: transposeBlock) {
    for row in first..<last {
      for column in start..<min(start + transposeBlock, task.columns) {
        task.destination[row * task.pitch + column] = task.source[column * task.sourcePitch + row]
      }
    }
  }
}

extension Preparation {
  mutating func prepareTranspose(_ call: Call) throws(ExecutionError) {
    let (source, result) = (try call.operand(0), try call.result(0))
    let context = TransposeContext(
      source: source.floats, sourcePitch: source.pitch, destination: result.floats, pitch: result.pitch, rows: result.rows,
      columns: result.columns)
    append(runTranspose, context, count: blockCount(result.rows, transposeBlock))
  }
}
