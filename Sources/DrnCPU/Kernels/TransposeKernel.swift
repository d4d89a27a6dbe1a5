import DrnIR
import DrnKernels
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

/// Transpositions of successive tight matrices, one for each task: `source` has `rows` by `columns`.
private struct BatchTransposeContext: BitwiseCopyable {
  let source: UnsafePointer<Float>
  let destination: UnsafeMutablePointer<Float>
  let rows: Int
  let columns: Int
}

private let runBatchTranspose: StepTask = { pointer, index in
  guard let task = pointer?.assumingMemoryBound(to: BatchTransposeContext.self).pointee else { return }
  let offset = index * task.rows * task.columns
  let (source, destination) = (task.source + offset, task.destination + offset)
  for start in stride(from: 0, to: task.rows, by: transposeBlock) {
    for column in 0..<task.columns {
      for row in start..<min(start + transposeBlock, task.rows) {
        destination[column * task.rows + row] = source[row * task.columns + column]
      }
    }
  }
}

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

extension KernelPreparation {
  /// Appends transpositions of `count` matrices of `rows` by `columns` that follow each other.
  mutating func appendTransposes(_ source: Tensor, to result: Tensor, count: Int, rows: Int, columns: Int) {
    let context = BatchTransposeContext(source: source.floats, destination: result.floats, rows: rows, columns: columns)
    append(runBatchTranspose, context, count: count)
  }

  mutating func prepareTranspose(_ call: Call) throws(ExecutionError) {
    let (source, result) = (try call.operand(0), try call.result(0))
    let context = TransposeContext(
      source: source.floats, sourcePitch: source.pitch, destination: result.floats, pitch: result.pitch, rows: result.rows,
      columns: result.columns)
    append(runTranspose, context, count: blockCount(result.rows, transposeBlock))
  }
}
