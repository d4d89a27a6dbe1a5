import CKernels
import DrnIR
import DrnKernels
import DrnPlan

/// Rounds the rows of a matrix to half their width.
private struct NarrowContext: BitwiseCopyable {
  let x: UnsafePointer<Float>
  let xPitch: Int
  let y: UnsafeMutablePointer<UInt16>
  let yPitch: Int
  let rows: Int
  let columns: Int
  let block: Int
}

private let runNarrow: StepTask = { pointer, index in
  guard let context = pointer?.assumingMemoryBound(to: NarrowContext.self).pointee else { return }
  for row in index * context.block..<min((index + 1) * context.block, context.rows) {
    drn_narrow(context.x + row * context.xPitch, context.y + row * context.yPitch, context.columns)
  }
}

extension KernelPreparation {
  /// Elements of one task.
  private static let narrowBlock = 32768

  mutating func prepareNarrow(_ call: Call) throws(ExecutionError) {
    let (x, y) = (try call.operand(0), try call.result(0))
    let isFlat = x.layout.isTight && y.layout.isTight
    // As a matrix of long rows where both lie without gaps.
    let columns = isFlat ? min(Self.narrowBlock, max(x.layout.count, 1)) : x.columns
    let whole = isFlat ? x.layout.count / columns : x.rows
    append(
      runNarrow,
      NarrowContext(
        x: x.floats, xPitch: isFlat ? columns : x.pitch, y: y.halves, yPitch: isFlat ? columns : y.pitch, rows: whole, columns: columns,
        block: max(1, Self.narrowBlock / max(columns, 1))),
      count: blockCount(whole, max(1, Self.narrowBlock / max(columns, 1))))
    let rest = isFlat ? x.layout.count - whole * columns : 0
    guard rest > 0 else { return }
    append(
      runNarrow,
      NarrowContext(
        x: x.floats + whole * columns, xPitch: rest, y: y.halves + whole * columns, yPitch: rest, rows: 1, columns: rest, block: 1))
  }
}
