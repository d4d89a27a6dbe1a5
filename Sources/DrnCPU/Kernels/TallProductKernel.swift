import CKernels
import DrnIR
import DrnKernels
import DrnPlan

/// A product of a tall matrix with a small one as a 1 x 1 convolution: pack the small one, then convolve blocks of rows.
private struct TallRowsContext: BitwiseCopyable {
  let product: TallProduct
  let a: UnsafePointer<Float>
  let pitchA: Int
  let b: UnsafePointer<Float>
  let pitchB: Int
  let isTransposedB: Bool
  let packed: UnsafeMutablePointer<Float>
  let c: UnsafeMutablePointer<Float>
  let pitchC: Int
  let epilogue: MapKernel?
  /// One tile per thread, where the product must not go to the result before the epilogue.
  let tiles: Place
  let workspaces: Workspaces.Handle
}

private let packSmallMatrix: StepTask = { pointer, _ in
  guard let context = pointer?.assumingMemoryBound(to: TallRowsContext.self).pointee else { return }
  let product = context.product
  let (rows, columns) = context.isTransposedB ? (product.columns, product.left) : (product.left, product.columns)
  let pack =
    product.isThin
    ? (context.isTransposedB ? drn_pack_reversed_thin_weights : drn_pack_thin_weights)
    : (context.isTransposedB ? drn_pack_reversed_weights : drn_pack_weights)
  pack(context.b, context.pitchB, 1, rows, columns, context.packed)
}

private let runTallRows: StepTask = { pointer, index in
  guard let context = pointer?.assumingMemoryBound(to: TallRowsContext.self).pointee else { return }
  let product = context.product
  let first = index * product.block
  guard !context.tiles.isEmpty else {
    return multiplyRows(context, first, into: context.c + first * context.pitchC, pitch: context.pitchC)
  }
  let piece = context.workspaces.acquire()
  multiplyRows(context, first, into: context.tiles.take(piece), pitch: product.columns)
  context.workspaces.release(piece)
}

private func multiplyRows(_ context: TallRowsContext, _ first: Int, into c: UnsafeMutablePointer<Float>, pitch: Int) {
  let product = context.product
  let rows = min(product.block, product.length - first)
  var shape = pointwiseShape(product, rows: rows, pitch: context.pitchA, resultPitch: pitch)
  let convolve = product.isThin ? drn_convolve_thin : drn_convolve
  convolve(&shape, context.a + first * context.pitchA, context.packed, c, 0, 1)
  guard let epilogue = context.epilogue else { return }
  finish(epilogue, Tile(row: first, column: 0, rows: rows, columns: product.columns), c, pitch)
}

/// A product of two tall matrices over their rows: sums of blocks, then their total, then the epilogue.
private struct TallInnerContext: BitwiseCopyable {
  let product: TallProduct
  let a: UnsafePointer<Float>
  let pitchA: Int
  let b: UnsafePointer<Float>
  let pitchB: Int
  /// The sums of each block, then the total.
  let sums: UnsafeMutablePointer<Float>
  let c: UnsafeMutablePointer<Float>
  let pitchC: Int
  let epilogue: MapKernel?
}

private let runTallInner: StepTask = { pointer, index in
  guard let context = pointer?.assumingMemoryBound(to: TallInnerContext.self).pointee else { return }
  let product = context.product
  let first = index * product.block
  let rows = min(product.block, product.length - first)
  let sums = context.sums + index * product.pieceFloats
  let (a, b) = (context.a + first * context.pitchA, context.b + first * context.pitchB)
  sums.update(repeating: 0, count: product.pieceFloats)
  guard product.isOneTile else {
    _ = drn_gemm(
      CChar(UInt8(ascii: "T")), CChar(UInt8(ascii: "N")), product.left, product.columns, rows, 1, a, context.pitchA, b, context.pitchB, 0,
      sums, product.pieceFloats / product.left)
    return
  }
  var shape = pointwiseShape(product, rows: rows, pitch: context.pitchA, resultPitch: context.pitchB)
  drn_convolution_weight_gradient(&shape, a, b, sums)
}

private let addTallInner: StepTask = { pointer, _ in
  guard let context = pointer?.assumingMemoryBound(to: TallInnerContext.self).pointee else { return }
  let product = context.product
  let (count, width) = (product.pieceFloats, product.pieceFloats / product.left)
  let total = context.sums + product.blocks * count
  drn_sum_columns(context.sums, count, 0, product.blocks, 0, count, total)
  if let epilogue = context.epilogue {
    return finish(epilogue, Tile(row: 0, column: 0, rows: product.left, columns: product.columns), total, width)
  }
  for row in 0..<product.left { (context.c + row * context.pitchC).update(from: total + row * width, count: product.columns) }
}

/// A 1 x 1 convolution of one row of `rows` pixels.
private func pointwiseShape(_ product: TallProduct, rows: Int, pitch: Int, resultPitch: Int) -> drn_convolution {
  drn_convolution(
    padded_width: rows, pixel_pitch: pitch, channels: product.left, out_height: 1, out_width: rows, outputs: product.columns,
    out_pitch: resultPitch, kernel_height: 1, kernel_width: 1, stride_y: 1, stride_x: 1, dilation_y: 1, dilation_x: 1)
}

extension KernelPreparation {
  mutating func appendTallProduct(_ call: Call, _ product: TallProduct, epilogue: MapKernel?, needsTiles: Bool) throws(ExecutionError) {
    let (a, b, c) = (try call.operand(0), try call.operand(1), try call.result(0))
    let space = product.workSpace(threads: workspaces.count, isTiled: needsTiles)
    let pieces = call.place(space.pieces).floats
    switch product.kind {
    case .rows:
      let context = TallRowsContext(
        product: product, a: a.floats, pitchA: a.pitch, b: b.floats, pitchB: b.pitch,
        isTransposedB: call.attributes.boolean("transpose_right") ?? false, packed: pieces, c: c.floats, pitchC: c.pitch,
        epilogue: epilogue, tiles: call.place(space.tiles), workspaces: workspaces.handle)
      append(packSmallMatrix, context)
      append(runTallRows, context, writing: c, rows: product.length, block: product.block)
    case .inner:
      let context = TallInnerContext(
        product: product, a: a.floats, pitchA: a.pitch, b: b.floats, pitchB: b.pitch, sums: pieces, c: c.floats, pitchC: c.pitch,
        epilogue: epilogue)
      append(runTallInner, context, count: product.blocks)
      append(addTallInner, context)
    }
  }
}
