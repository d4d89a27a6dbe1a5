import CKernels
import DrnIR
import DrnKernels
import DrnPlan

/// Rounds the rows of a matrix to half their width; what lies without gaps is one row.
private struct NarrowContext: BitwiseCopyable {
  let x: UnsafePointer<Float>
  let xPitch: Int
  let y: UnsafeMutablePointer<UInt16>
  let yPitch: Int
  let rows: Int
  let columns: Int
  /// Of one task: rows, or elements of the one row.
  let block: Int
}

private let runNarrow: StepTask = { pointer, index in
  guard let context = pointer?.assumingMemoryBound(to: NarrowContext.self).pointee else { return }
  let first = index * context.block
  guard context.rows > 1 else {
    return drn_narrow(context.x + first, context.y + first, min(context.block, context.columns - first))
  }
  for row in first..<min(first + context.block, context.rows) {
    drn_narrow(context.x + row * context.xPitch, context.y + row * context.yPitch, context.columns)
  }
}

extension KernelPreparation {
  /// Elements of one task.
  private static let narrowBlock = 32768

  mutating func prepareNarrow(_ call: Call) throws(ExecutionError) {
    let (x, y) = (try call.operand(0), try call.result(0))
    let isFlat = x.layout.isTight && y.layout.isTight
    let (rows, columns) = isFlat ? (1, x.layout.count) : (x.rows, x.columns)
    let block = rows > 1 ? max(1, Self.narrowBlock / max(columns, 1)) : Self.narrowBlock
    append(
      runNarrow,
      NarrowContext(x: x.floats, xPitch: x.pitch, y: y.halves, yPitch: y.pitch, rows: rows, columns: columns, block: block),
      count: blockCount(rows > 1 ? rows : columns, block))
  }
}
