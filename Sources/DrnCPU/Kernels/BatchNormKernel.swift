import CKernels
import DrnIR
import DrnPlan

/// Batch normalization of blocks of columns.
private struct BatchNormContext: BitwiseCopyable {
  let x: UnsafePointer<Float>
  let pitch: Int
  let rows: Int
  let columns: Int
  let scale: UnsafePointer<Float>
  let offset: UnsafePointer<Float>
  let epsilon: Float
  let y: UnsafeMutablePointer<Float>
  let resultPitch: Int
  let mean: UnsafeMutablePointer<Float>
  let variance: UnsafeMutablePointer<Float>
}

private struct BatchNormGradientContext: BitwiseCopyable {
  let dy: UnsafePointer<Float>
  let dyPitch: Int
  let x: UnsafePointer<Float>
  let xPitch: Int
  let rows: Int
  let columns: Int
  let mean: UnsafePointer<Float>
  let variance: UnsafePointer<Float>
  let scale: UnsafePointer<Float>
  let epsilon: Float
  let dx: UnsafeMutablePointer<Float>
  let dxPitch: Int
  let dscale: UnsafeMutablePointer<Float>
  let doffset: UnsafeMutablePointer<Float>
}

/// Columns of one task: whole cache lines of every row.
private let batchNormBlock = 64

private let runBatchNorm: StepTask = { pointer, index in
  guard let norm = pointer?.assumingMemoryBound(to: BatchNormContext.self).pointee else { return }
  let first = index * batchNormBlock
  drn_batch_norm(
    norm.x, norm.pitch, norm.rows, first, min(first + batchNormBlock, norm.columns), norm.scale, norm.offset, norm.epsilon, norm.y,
    norm.resultPitch, norm.mean, norm.variance)
}

private let runBatchNormGradient: StepTask = { pointer, index in
  guard let norm = pointer?.assumingMemoryBound(to: BatchNormGradientContext.self).pointee else { return }
  let first = index * batchNormBlock
  drn_batch_norm_gradient(
    norm.dy, norm.dyPitch, norm.x, norm.xPitch, norm.rows, first, min(first + batchNormBlock, norm.columns), norm.scale, norm.mean,
    norm.variance, norm.epsilon, norm.dx, norm.dxPitch, norm.dscale, norm.doffset)
}

extension Preparation {
  mutating func prepareBatchNorm(_ call: Call) throws(ExecutionError) {
    let (x, y) = (try call.operand(0), try call.result(0))
    let context = BatchNormContext(
      x: x.floats, pitch: x.pitch, rows: x.rows, columns: x.columns, scale: try call.operand(1).floats, offset: try call.operand(2).floats,
      epsilon: Float(call.attributes.number("epsilon") ?? 0), y: y.floats, resultPitch: y.pitch, mean: try call.result(1).floats,
      variance: try call.result(2).floats)
    append(runBatchNorm, context, count: blockCount(x.columns, batchNormBlock))
  }

  mutating func prepareBatchNormGradient(_ call: Call) throws(ExecutionError) {
    let (dy, x, dx) = (try call.operand(0), try call.operand(1), try call.result(0))
    let context = BatchNormGradientContext(
      dy: dy.floats, dyPitch: dy.pitch, x: x.floats, xPitch: x.pitch, rows: x.rows, columns: x.columns, mean: try call.operand(2).floats,
      variance: try call.operand(3).floats, scale: try call.operand(4).floats, epsilon: Float(call.attributes.number("epsilon") ?? 0),
      dx: dx.floats, dxPitch: dx.pitch, dscale: try call.result(1).floats, doffset: try call.result(2).floats)
    append(runBatchNormGradient, context, count: blockCount(x.columns, batchNormBlock))
  }
}
