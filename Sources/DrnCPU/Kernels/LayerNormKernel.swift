import CKernels
import DrnIR
import DrnKernels
import DrnPlan

/// Layer normalization of blocks of rows.
private struct LayerNormContext: BitwiseCopyable {
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
  let inverseDeviation: UnsafeMutablePointer<Float>
}

/// Its gradient: by rows for x, and by column sums of blocks of rows for scale and offset.
private struct LayerNormGradientContext: BitwiseCopyable {
  let dy: UnsafePointer<Float>
  let dyPitch: Int
  let x: UnsafePointer<Float>
  let xPitch: Int
  let rows: Int
  let columns: Int
  let mean: UnsafePointer<Float>
  let inverseDeviation: UnsafePointer<Float>
  let scale: UnsafePointer<Float>
  let dx: UnsafeMutablePointer<Float>
  let dxPitch: Int
  /// One row of sums per block for the scale, then as many for the offset.
  let partials: UnsafeMutablePointer<Float>
  let blocks: Int
  let dscale: UnsafeMutablePointer<Float>
  let doffset: UnsafeMutablePointer<Float>
}

private let runLayerNorm: StepTask = { pointer, index in
  guard let norm = pointer?.assumingMemoryBound(to: LayerNormContext.self).pointee else { return }
  let first = index * layerNormBlock
  drn_layer_norm(
    norm.x, norm.pitch, first, min(first + layerNormBlock, norm.rows), norm.columns, norm.scale, norm.offset, norm.epsilon, norm.y,
    norm.resultPitch, norm.mean, norm.inverseDeviation)
}

private let runLayerNormGradient: StepTask = { pointer, index in
  guard let norm = pointer?.assumingMemoryBound(to: LayerNormGradientContext.self).pointee else { return }
  let first = index * layerNormBlock
  let last = min(first + layerNormBlock, norm.rows)
  drn_layer_norm_parameter_gradient(
    norm.dy, norm.dyPitch, norm.x, norm.xPitch, first, last, norm.columns, norm.mean, norm.inverseDeviation,
    norm.partials + index * norm.columns, norm.partials + (norm.blocks + index) * norm.columns)
  drn_layer_norm_gradient(
    norm.dy, norm.dyPitch, norm.x, norm.xPitch, first, last, norm.columns, norm.scale, norm.mean, norm.inverseDeviation, norm.dx,
    norm.dxPitch)
}

private let runParameterGradients: StepTask = { pointer, _ in
  guard let norm = pointer?.assumingMemoryBound(to: LayerNormGradientContext.self).pointee else { return }
  drn_sum_columns(norm.partials, norm.columns, 0, norm.blocks, 0, norm.columns, norm.dscale)
  drn_sum_columns(norm.partials + norm.blocks * norm.columns, norm.columns, 0, norm.blocks, 0, norm.columns, norm.doffset)
}

extension KernelPreparation {
  /// Appends the steps of a normalization or of its gradient.
  mutating func prepare(_ op: NormalizeOp, _ call: Call) throws(ExecutionError) {
    switch op {
    case .layerNorm: try prepareLayerNorm(call)
    case .layerNormGradient: try prepareLayerNormGradient(call)
    case .batchNorm: try prepareBatchNorm(call)
    case .batchNormGradient: try prepareBatchNormGradient(call)
    case .batchNormFactors: try prepareBatchNormFactors(call)
    case .logSoftmax: try prepareLogSoftmax(call)
    }
  }

  mutating func prepareLayerNorm(_ call: Call) throws(ExecutionError) {
    let (x, y) = (try call.operand(0), try call.result(0))
    let context = LayerNormContext(
      x: x.floats, pitch: x.pitch, rows: x.rows, columns: x.columns, scale: try call.operand(1).floats, offset: try call.operand(2).floats,
      epsilon: Float(call.attributes.number("epsilon") ?? 0), y: y.floats, resultPitch: y.pitch, mean: try call.result(1).floats,
      inverseDeviation: try call.result(2).floats)
    append(runLayerNorm, context, count: blockCount(x.rows, layerNormBlock))
  }

  mutating func prepareLayerNormGradient(_ call: Call) throws(ExecutionError) {
    let (dy, x, dx) = (try call.operand(0), try call.operand(1), try call.result(0))
    let context = LayerNormGradientContext(
      dy: dy.floats, dyPitch: dy.pitch, x: x.floats, xPitch: x.pitch, rows: x.rows, columns: x.columns, mean: try call.operand(2).floats,
      inverseDeviation: try call.operand(3).floats, scale: try call.operand(4).floats, dx: dx.floats, dxPitch: dx.pitch,
      partials: call.place(stepWorkSpace(call.operation, function, threads: workspaces.count).first).floats,
      blocks: blockCount(x.rows, layerNormBlock),
      dscale: try call.result(1).floats, doffset: try call.result(2).floats)
    append(runLayerNormGradient, context, count: context.blocks)
    append(runParameterGradients, context)
  }
}
