import CKernels
import DrnIR
import DrnKernels
import DrnPlan

/// A product c = op(a) op(b), tile by tile, each tile followed by the epilogue while it is in cache.
private struct MatmulContext: BitwiseCopyable {
  let grid: MatmulGrid
  let inner: Int
  let a: UnsafeMutableRawPointer
  let pitchA: Int
  let isTransposedA: Bool
  let b: UnsafeMutableRawPointer
  let pitchB: Int
  let isTransposedB: Bool
  /// Where the factors are of half width.
  let half: HalfProducts?
  /// The first result.
  let product: UnsafeMutablePointer<Float>
  let productPitch: Int
  let epilogue: MapKernel?
  /// Where the product goes instead, if it must not go to the first result.
  let tiles: Place
  let workspaces: Workspaces.Handle
}

/// A block of a result.
struct Tile {
  let row: Int
  let column: Int
  let rows: Int
  let columns: Int
}

extension Tile {
  fileprivate init(_ grid: MatmulGrid, _ index: Int) {
    let (row, column) = (index / grid.tilesAcross * grid.tileRows, index % grid.tilesAcross * grid.tileColumns)
    self.init(row: row, column: column, rows: min(grid.tileRows, grid.rows - row), columns: min(grid.tileColumns, grid.columns - column))
  }
}

private func multiply(_ context: MatmulContext, _ tile: Tile, into product: UnsafeMutablePointer<Float>, piece: Int) {
  let a = context.isTransposedA ? tile.row : tile.row * context.pitchA
  let b = context.isTransposedB ? tile.column * context.pitchB : tile.column
  if let half = context.half {
    return half.multiply(
      tile, context.a.assumingMemoryBound(to: UInt16.self) + a, context.b.assumingMemoryBound(to: UInt16.self) + b, product, piece: piece)
  }
  _ = drn_gemm(
    transposition(context.isTransposedA), transposition(context.isTransposedB), tile.rows, tile.columns, context.inner, 1,
    context.a.assumingMemoryBound(to: Float.self) + a, context.pitchA, context.b.assumingMemoryBound(to: Float.self) + b, context.pitchB, 0,
    product, context.productPitch)
}

/// How the products below say that a matrix lies there as its transpose.
func transposition(_ isTransposed: Bool) -> CChar { CChar(UInt8(ascii: isTransposed ? "T" : "N")) }

/// Runs the epilogue on one tile: every pointer moves to the tile, the first input is the product.
func finish(_ kernel: MapKernel, _ tile: Tile, _ product: UnsafePointer<Float>, _ pitch: Int) {
  withUnsafeTemporaryAllocation(of: drn_map_input.self, capacity: kernel.inputCount) { inputs in
    withUnsafeTemporaryAllocation(of: drn_map_output.self, capacity: kernel.outputCount) { outputs in
      for index in 0..<kernel.inputCount { inputs.initializeElement(at: index, to: moved(kernel.inputs[index], tile)) }
      inputs[0] = drn_map_input(pointer: product, pitch: pitch, kind: DRN_MAP_FULL)
      for index in 0..<kernel.outputCount {
        let output = kernel.outputs[index]
        let bytes = output.is_half != 0 ? 2 : 4
        let pointer = output.pointer + bytes * (tile.row * output.pitch + tile.column)
        outputs.initializeElement(at: index, to: drn_map_output(pointer: pointer, pitch: output.pitch, is_half: output.is_half))
      }
      drn_map_run(kernel.program, inputs.baseAddress, outputs.baseAddress, 0, tile.rows, 0, tile.columns)
    }
  }
}

private func moved(_ input: drn_map_input, _ tile: Tile) -> drn_map_input {
  let isFull = input.kind == DRN_MAP_FULL
  let down = isFull || input.kind == DRN_MAP_COLUMN ? tile.row * input.pitch : 0
  let across = isFull || input.kind == DRN_MAP_ROW ? tile.column : 0
  return drn_map_input(pointer: input.pointer + (down + across), pitch: input.pitch, kind: input.kind)
}

private let runMatmul: StepTask = { pointer, index in
  guard let context = pointer?.assumingMemoryBound(to: MatmulContext.self) else { return }
  let tile = Tile(context.pointee.grid, index)
  let isTiled = !context.pointee.tiles.isEmpty
  let piece = isTiled || context.pointee.half != nil ? context.pointee.workspaces.acquire() : nil
  let product =
    isTiled
    ? context.pointee.tiles.take(piece ?? 0) : context.pointee.product + (tile.row * context.pointee.productPitch + tile.column)
  multiply(context.pointee, tile, into: product, piece: piece ?? 0)
  if let epilogue = context.pointee.epilogue { finish(epilogue, tile, product, context.pointee.productPitch) }
  if let piece { context.pointee.workspaces.release(piece) }
}

extension KernelPreparation {
  mutating func prepareMatmul(_ call: Call) throws(ExecutionError) {
    let (a, b, c) = (try call.operand(0), try call.operand(1), try call.result(0))
    guard let product = ProductSizes(call.operation, function) else { throw call.unsupported("its shapes are not known") }
    guard a.type.element == b.type.element else { throw call.unsupported("its matrices are of two precisions") }
    // A result that lies over an extra operand must not receive the bare product: the epilogue still reads the extra.
    let needsWorkspace = c.type.element == .bf16 || call.operands.dropFirst(2).contains { $0.pointer == c.pointer }
    if let tall = TallProduct(call.operation, function) {
      return try appendTallProduct(call, tall, epilogue: try epilogue(call), needsTiles: needsWorkspace)
    }
    let grid = MatmulGrid(product)
    let productPitch = needsWorkspace ? grid.workspacePitch : max(c.pitch, 1)
    var half: HalfProducts?
    if product.isHalf {
      let status = memory.store(Int32(0))
      watch(status, call)
      half = try HalfProducts(
        call, product, grid, pitches: (max(a.pitch, 1), max(b.pitch, 1), productPitch), memory, status: status)
    }
    append(
      runMatmul,
      MatmulContext(
        grid: grid, inner: product.inner, a: a.pointer, pitchA: max(a.pitch, 1), isTransposedA: product.isTransposedLeft,
        b: b.pointer, pitchB: max(b.pitch, 1), isTransposedB: product.isTransposedRight, half: half,
        product: c.floats, productPitch: productPitch, epilogue: try epilogue(call),
        tiles: call.place(grid.workSpace(threads: workspaces.count, isTiled: needsWorkspace).tiles), workspaces: workspaces.handle),
      count: grid.count)
  }

  private func epilogue(_ call: Call) throws(ExecutionError) -> MapKernel? {
    guard let name = call.attributes.function("epilogue") else { return nil }
    guard let body = module.function(name) else { throw call.unsupported("its epilogue is missing") }
    let extras = Array(call.operands.dropFirst(2))
    let kinds = try kinds(call, count: extras.count)
    return try mapKernel(body, [(try call.result(0), .full)] + zip(extras, kinds).map { ($0, $1) }, call.results)
  }
}
