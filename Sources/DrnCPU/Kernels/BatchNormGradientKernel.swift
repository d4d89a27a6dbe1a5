import CKernels
import DrnIR
import DrnKernels
import DrnPlan

/// The sums that the gradients of a batch normalization need: of blocks of rows, then of all.
private struct GradientSumsContext: BitwiseCopyable {
  let plan: BatchNormPlan
  /// The upstream gradient, or the map that gives it, tile by tile.
  let dy: UnsafePointer<Float>
  let dyPitch: Int
  let prologue: MapKernel?
  /// Floats that the map takes as one row: those of several rows where it may run over elements whatever their row.
  let mapWidth: Int
  let tiles: Place
  let workspaces: Workspaces.Handle
  let x: UnsafePointer<Float>
  let xPitch: Int
  let mean: UnsafePointer<Float>
  let variance: UnsafePointer<Float>
  let scale: UnsafePointer<Float>
  let epsilon: Float
  /// A row of sums for each block.
  let sums: UnsafeMutablePointer<Float>
  /// As many of products.
  let products: UnsafeMutablePointer<Float>
  /// Three rows.
  let factors: UnsafeMutablePointer<Float>
  let dscale: UnsafeMutablePointer<Float>
  let doffset: UnsafeMutablePointer<Float>
}

private let runGradientSums: StepTask = { pointer, index in
  guard let context = pointer?.assumingMemoryBound(to: GradientSumsContext.self).pointee else { return }
  let plan = context.plan
  let (first, last) = (index * plan.block, min((index + 1) * plan.block, plan.rows))
  guard let prologue = context.prologue else {
    return addGradients(context, index, context.dy + first * context.dyPitch, context.dyPitch, first, last - first, isFirst: true)
  }
  let piece = context.workspaces.acquire()
  let tile = context.tiles.take(piece)
  for row in stride(from: first, to: last, by: plan.tileRows) {
    let end = min(row + plan.tileRows, last)
    mapTile(prologue, context, from: row * plan.columns, to: end * plan.columns, into: tile)
    addGradients(context, index, tile, plan.columns, row, end - row, isFirst: row == first)
  }
  context.workspaces.release(piece)
}

/// Maps the elements from `first`, the start of a row of the map, to `last`.
private func mapTile(
  _ map: MapKernel, _ context: GradientSumsContext, from first: Int, to last: Int, into tile: UnsafeMutablePointer<Float>
) {
  let width = context.mapWidth
  // The tile stands for the whole result, so that its element `first` is the first of the tile.
  var output = drn_map_output(pointer: tile - first, pitch: width, is_half: 0)
  drn_map_run(map.program, map.inputs, &output, first / width, last / width, 0, width)
  if last % width > 0 { drn_map_run(map.program, map.inputs, &output, last / width, last / width + 1, 0, last % width) }
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

extension KernelPreparation {
  /// Three passes: sums of blocks, their combination, and one map that gives dx and the other results of the prologue.
  mutating func prepareBatchNormGradient(_ call: Call) throws(ExecutionError) {
    let (dy, x, mean) = (try call.operand(0), try call.operand(1), try call.operand(2))
    let plan = BatchNormPlan(rows: x.rows, columns: x.columns)
    let space = BatchNormSpace(call.operation, function, threads: workspaces.count)
    let mapWidth = try mapWidth(call, x.columns)
    let prologue = try prologue(call, width: mapWidth, rowSpace: call.place(space.prologueRows))
    let context = GradientSumsContext(
      plan: plan, dy: dy.floats, dyPitch: dy.pitch, prologue: prologue, mapWidth: mapWidth,
      tiles: call.place(space.tiles),
      workspaces: workspaces.handle, x: x.floats, xPitch: x.pitch, mean: mean.floats, variance: try call.operand(3).floats,
      scale: try call.operand(4).floats, epsilon: Float(call.attributes.number("epsilon") ?? 0),
      sums: call.place(space.sums).floats, products: call.place(space.products).floats, factors: call.place(space.factors).floats,
      dscale: try call.result(1).floats, doffset: try call.result(2).floats)
    appendByRows(runGradientSums, context, rows: plan.rows, block: plan.block, reading: call.operands)
    append(combineGradientSums, context, count: plan.blocks > 0 ? 1 : 0)
    try appendGradientMap(call, factors: context.factors, rowSpace: call.place(space.rows))
  }

  /// dx = factors[0] * dy + factors[1] * x + factors[2], by columns.
  private mutating func appendGradientMap(
    _ call: Call, factors: UnsafeMutablePointer<Float>, rowSpace: Place
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

  /// Floats of a row of the prologue's map: all where operands lie element by element like the result, those of the rows that maps take
  /// together where some are the same for every row, else those of one row.
  private func mapWidth(_ call: Call, _ columns: Int) throws(ExecutionError) -> Int {
    let extras = Array(call.operands.dropFirst(5))
    let kinds = try kinds(call, count: extras.count)
    let full = [try call.operand(0)] + zip(extras, kinds).filter { $1 == .full }.map(\.0)
    guard full.allSatisfy(\.layout.isTight), !kinds.contains(.column) else { return columns }
    return RowExpansion(columns: columns)?.width ?? columns
  }

  /// The map that gives the upstream gradient alone; its output is set for each tile.
  private mutating func prologue(_ call: Call, width: Int, rowSpace: Place) throws(ExecutionError) -> MapKernel? {
    guard call.attributes.function("prologue") != nil else { return nil }
    var map = ScalarProgram(name: "upstream")
    let given = try fuse(&map, map.argument(try call.operand(0), .full), call, attribute: "prologue", extrasFrom: 5)
    guard let dy = given.first else { throw call.unsupported("its prologue has no result") }
    map.result(dy)
    let operands = map.operands.map { ($0.tensor, $0.kind) }
    let kernel = try mapKernel(map.body, operands, [try call.result(0)])
    let columns = try call.result(0).columns
    guard width > columns else { return kernel }
    repeatRows(of: kernel, operands, width: width, space: rowSpace)
    return kernel
  }
}
