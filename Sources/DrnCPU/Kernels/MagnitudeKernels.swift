import CKernels
import DrnIR
import DrnKernels

/// A power of every element, by blocks of rows, or a mask of all of them at once.
private struct MagnitudeContext: BitwiseCopyable {
  let source: UnsafePointer<Float>
  let sourcePitch: Int
  let result: UnsafeMutablePointer<Float>
  let pitch: Int
  let rows: Int
  let columns: Int
  let block: Int
  let isDerivative: Bool
  let exponent: Double
  let count: Int
}

private let runPower: StepTask = { pointer, index in
  guard let task = pointer?.assumingMemoryBound(to: MagnitudeContext.self).pointee else { return }
  for row in index * task.block..<min((index + 1) * task.block, task.rows) {
    let (x, y) = (task.source + row * task.sourcePitch, task.result + row * task.pitch)
    if task.isDerivative { drn_power_derivative(x, y, task.columns, task.exponent) } else { drn_power(x, y, task.columns, task.exponent) }
  }
}

private let runLargest: StepTask = { pointer, _ in
  guard let task = pointer?.assumingMemoryBound(to: MagnitudeContext.self).pointee else { return }
  drn_largest(task.source, task.sourcePitch, task.rows, task.columns, task.count, task.result, task.pitch)
}

extension KernelPreparation {
  /// Appends the steps of an op of magnitudes.
  mutating func prepare(_ op: MagnitudeOp, _ call: Call) throws(ExecutionError) {
    let (source, result) = (try call.operand(0), try call.result(0))
    let block = max(1, 8192 / max(result.columns, 1))
    let context = MagnitudeContext(
      source: UnsafePointer(source.floats), sourcePitch: source.pitch, result: result.floats, pitch: result.pitch, rows: result.rows,
      columns: result.columns, block: block, isDerivative: op == .powerDerivative, exponent: call.attributes.number("exponent") ?? 1,
      count: MagnitudeOp.count(of: call.attributes.integers("share") ?? [], among: result.rows * result.columns))
    switch op {
    case .power, .powerDerivative: append(runPower, context, count: blockCount(result.rows, block))
    case .largest: append(runLargest, context, count: 1)
    }
  }
}
