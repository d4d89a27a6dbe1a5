import CKernels
import DrnIR
import DrnPlan

/// The sums that the gradients of a batch normalization need: of blocks of rows, then of all.
private struct GradientSumsContext: BitwiseCopyable {
  let plan: BatchNormPlan
  /// The upstream gradient, or the map that gives it, tile by tile.
  let dy: UnsafePointer<Float>
  let dyPitch: Int
  let prologue: MapKernel?
  /// Whether the map may run over elements, whatever their row.
  let isFlat: Bool
  let tiles: UnsafeMutablePointer<Float>
  let workspaces: Workspaces.Handle
  let x: UnsafePointer<Float>
  let xPitch: Int
  let mean: UnsafePointer<Float>
  let variance: UnsafePointer<Float>
  let scale: UnsafePointer<Float>
  let epsilon: Float
  /// A row of sums for each block, then as many of products, then three of factors.
  let sums: UnsafeMutablePointer<Float>
  let dscale: UnsafeMutablePointer<Float>
  let doffset: UnsafeMutablePointer<Float>

  var products: UnsafeMutablePointer<Float> { sums + plan.blocks * plan.columns }
  var factors: UnsafeMutablePointer<Float> { products + plan.blocks * plan.columns }
}

private let runGradientSums: StepTask = { pointer, index in
  guard let context = pointer?.assumingMemoryBound(to: GradientSumsContext.self).pointee else { return }
  let plan = context.plan
  let (first, last) = (index * plan.block, min((index + 1) * plan.block, plan.rows))
  guard let prologue = context.prologue else {
    return addGradients(context, index, context.dy + first * context.dyPitch, context.dyPitch, first, last - first, isFirst: true)
  }
  let piece = context.workspaces.acquire()
  let tile = context.tiles + piece * plan.tileFloats
  for row in stride(from: first, to: last, by: plan.tileRows) {
    let end = min(row + plan.tileRows, last)
    // The tile stands for the whole result, so that its row `row` is the first of the tile.
    var output = drn_map_output(pointer: tile - row * plan.columns, pitch: plan.columns)
    if context.isFlat {
      drn_map_run(prologue.program, prologue.inputs, &output, 0, 1, row * plan.columns, end * plan.columns)
    } else {
      drn_map_run(prologue.program, prologue.inputs, &output, row, end, 0, plan.columns)
    }
    addGradients(context, index, tile, plan.columns, row, end - row, isFirst: row == first)
  }
  context.workspaces.release(piece)
}

private func addGradients(
  _ context: GradientSumsContext, _ block: Int, _ dy: UnsafePointer<Float>, _ pitch: Int, _ row: Int, _ rows: Int, isFirst: Bool
) {
  let columns = context.plan.columns
  drn_column_gradient_sums(
    dy, pitch, context.x + row * context.xPitch, context.xPitch, rows, columns, context.mean, isFirst ? 0 : 1,
    context.sums + block * columns, context.products + block * columns)
}

private let combineGradientSums: StepTask = { pointer, _ in
  guard let context = pointer?.assumingMemoryBound(to: GradientSumsContext.self).pointee else { return }
  drn_combine_gradient_sums(
    context.sums, context.products, context.plan.blocks, context.plan.rows, context.plan.columns, context.scale, context.mean,
    context.variance, context.epsilon, context.dscale, context.doffset, context.factors)
}

extension Preparation {
  /// Three passes: sums of blocks, their combination, and one map that gives dx and the other results of the prologue.
  mutating func prepareBatchNormGradient(_ call: Call) throws(ExecutionError) {
    let (dy, x, mean) = (try call.operand(0), try call.operand(1), try call.operand(2))
    let plan = BatchNormPlan(rows: x.rows, columns: x.columns)
    let sums = call.scratch.assumingMemoryBound(to: Float.self)
    let context = GradientSumsContext(
      plan: plan, dy: dy.floats, dyPitch: dy.pitch, prologue: try prologue(call), isFlat: try isFlat(call), tiles: sums + plan.momentFloats,
      workspaces: workspaces.handle, x: x.floats, xPitch: x.pitch, mean: mean.floats, variance: try call.operand(3).floats,
      scale: try call.operand(4).floats, epsilon: Float(call.attributes.number("epsilon") ?? 0), sums: sums,
      dscale: try call.result(1).floats, doffset: try call.result(2).floats)
    appendByRows(runGradientSums, context, rows: plan.rows, block: plan.block, reading: call.operands)
    append(combineGradientSums, context, count: plan.blocks > 0 ? 1 : 0)
    let tiles = context.prologue == nil ? 0 : workspaces.count * plan.tileFloats
    try appendGradientMap(call, factors: context.factors, rowSpace: context.tiles + tiles)
  }

  /// dx = factors[0] * dy + factors[1] * x + factors[2], by columns.
  private mutating func appendGradientMap(
    _ call: Call, factors: UnsafeMutablePointer<Float>, rowSpace: UnsafeMutablePointer<Float>
  ) throws(ExecutionError) {
    let (x, mean) = (try call.operand(1), try call.operand(2))
    var map = ScalarProgram(name: "batch_norm_gradient")
    let given = try fuse(&map, map.argument(try call.operand(0), .full), call, attribute: "prologue", extrasFrom: 5)
    guard let dy = given.first else { throw call.unsupported("its prologue has no result") }
    let byX = map.apply(.multiply, map.argument(x, .full), map.argument(factors + x.columns, of: mean))
    let common = map.apply(.add, byX, map.argument(factors + 2 * x.columns, of: mean))
    let byY = map.apply(.multiply, dy, map.argument(factors, of: mean))
    let dx = map.apply(.add, byY, common)
    try append(map, results: [dx] + given.dropFirst(), to: [try call.result(0)] + call.results.dropFirst(3), rowSpace: rowSpace)
  }

  /// Whether all operands of the prologue lie element by element like the result.
  private func isFlat(_ call: Call) throws(ExecutionError) -> Bool {
    let extras = Array(call.operands.dropFirst(5))
    let kinds = try kinds(call, count: extras.count)
    let full = [try call.operand(0)] + zip(extras, kinds).filter { $1 == .full }.map(\.0)
    return full.allSatisfy(\.layout.isTight) && !kinds.contains(.row) && !kinds.contains(.column)
  }

  /// The map that gives the upstream gradient alone; its output is set for each tile.
  private mutating func prologue(_ call: Call) throws(ExecutionError) -> MapKernel? {
    guard call.attributes.function("prologue") != nil else { return nil }
    var map = ScalarProgram(name: "upstream")
    let given = try fuse(&map, map.argument(try call.operand(0), .full), call, attribute: "prologue", extrasFrom: 5)
    guard let dy = given.first else { throw call.unsupported("its prologue has no result") }
    map.result(dy)
    return try mapKernel(map.body, map.operands.map { ($0.tensor, $0.kind) }, [try call.result(0)])
  }
}
