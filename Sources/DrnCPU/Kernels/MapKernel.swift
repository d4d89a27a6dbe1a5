import CKernels
import DrnIR
import DrnKernels
import DrnPlan

/// A program with its operands in memory, for elementwise ops and for what follows a matrix product.
struct MapKernel: BitwiseCopyable {
  let program: UnsafeMutablePointer<drn_map_program>
  let inputs: UnsafeMutablePointer<drn_map_input>
  let outputs: UnsafeMutablePointer<drn_map_output>

  var inputCount: Int { Int(program.pointee.input_count) }
  var outputCount: Int { Int(program.pointee.output_count) }
}

/// The tasks of an elementwise step: blocks of rows, and of columns where a row is long.
private struct MapContext: BitwiseCopyable {
  let kernel: MapKernel
  let rows: Int
  let columns: Int
  let rowBlock: Int
  let columnBlock: Int
  let blocksAcross: Int
  /// Columns of one more row, shorter than the others.
  let partialColumns: Int
}

private let runMap: StepTask = { pointer, index in
  guard let map = pointer?.assumingMemoryBound(to: MapContext.self).pointee else { return }
  let row = index / map.blocksAcross * map.rowBlock
  let column = index % map.blocksAcross * map.columnBlock
  drn_map_run(
    map.kernel.program, map.kernel.inputs, map.kernel.outputs, row, min(row + map.rowBlock, map.rows), column,
    min(column + map.columnBlock, map.columns))
  guard map.partialColumns > 0, row + map.rowBlock > map.rows else { return }
  drn_map_run(map.kernel.program, map.kernel.inputs, map.kernel.outputs, map.rows, map.rows + 1, 0, map.partialColumns)
}

/// Repeats a row.
struct RepeatContext: BitwiseCopyable {
  let row: UnsafePointer<Float>
  let columns: Int
  let width: Int
  let result: UnsafeMutablePointer<Float>
}

let runRepeat: StepTask = { pointer, _ in
  guard let context = pointer?.assumingMemoryBound(to: RepeatContext.self).pointee else { return }
  for start in stride(from: 0, to: context.width, by: context.columns) {
    (context.result + start).update(from: context.row, count: context.columns)
  }
}

extension KernelPreparation {
  /// Elements of one task: long enough to hide the cost of starting it, short enough for its operands to stay in the L2 cache.
  private static let mapBlock = 16384

  mutating func prepareElementwise(_ call: Call) throws(ExecutionError) {
    var body = Function(name: call.operation.opcode.mnemonic)
    let arguments = call.operands.indices.map { body.addArgument("x\($0)", role: .plain, type: .scalar) }
    let output = try call.result(0)
    let result = body.makeValue(TensorType(output.type.element, []))
    body.operations.append(Operation(call.operation.opcode, operands: arguments, results: [result]))
    body.addResult("y", role: .plain, result)
    let kinds = call.operands.map { $0.type.shape == output.type.shape ? OperandKind.full : .scalar }
    try appendMap(body, call.operands, kinds, call.results)
  }

  mutating func prepareMap(_ call: Call) throws(ExecutionError) {
    guard let name = call.attributes.function("body"), let body = module.function(name) else {
      throw call.unsupported("its body is missing")
    }
    let kinds = try kinds(call, count: call.operands.count)
    let columns = try call.result(0).columns
    let rows = RowExpansion.workSpace(columns: columns, repeated: kinds.count { $0 == .row }).rows
    try appendMap(body, call.operands, kinds, call.results, rowSpace: call.place(rows))
  }

  mutating func prepareConstant(_ call: Call) throws(ExecutionError) {
    var body = Function(name: "constant")
    let value = body.makeValue(.scalar)
    body.operations.append(Operation(.constant, operands: [], results: [value], attributes: call.attributes))
    body.addResult("y", role: .plain, value)
    try appendMap(body, [], [], call.results)
  }

  /// Appends a step that copies `input`, seen as `kind`, to every element of the result.
  mutating func appendSpread(_ input: Tensor, _ kind: OperandKind, to result: Tensor) throws(ExecutionError) {
    var body = Function(name: "copy")
    let value = body.addArgument("x", role: .plain, type: .scalar)
    body.addResult("y", role: .plain, value)
    try appendMap(body, [input], [kind], [result])
  }

  /// Appends the map of `body`. `rowSpace` has a piece for each row operand to be repeated in, as `RowExpansion` says.
  mutating func appendMap(
    _ body: Function, _ operands: [Tensor], _ kinds: [OperandKind], _ results: [Tensor], rowSpace: Place? = nil
  ) throws(ExecutionError) {
    guard let shape = results.first else { return }
    let full = zip(operands, kinds).filter { $1 == .full }.map(\.0) + results
    let isFlat = full.allSatisfy(\.layout.isTight) && !kinds.contains(.column)
    if isFlat, kinds.contains(.row), let rowSpace, !rowSpace.isEmpty, let expansion = RowExpansion(columns: shape.columns) {
      return try appendExpandedMap(body, operands, kinds, results, expansion, rowSpace)
    }
    let kernel = try mapKernel(body, zip(operands, kinds).map { ($0, $1) }, results)
    var (rows, columns) = (shape.rows, shape.columns)
    if isFlat, !kinds.contains(.row) { (rows, columns) = (1, shape.layout.count) }
    let columnBlock = max(1, min(columns, Self.mapBlock))
    let rowBlock = max(1, Self.mapBlock / columnBlock)
    let across = blockCount(columns, columnBlock)
    append(
      runMap,
      MapContext(
        kernel: kernel, rows: rows, columns: columns, rowBlock: rowBlock, columnBlock: columnBlock, blocksAcross: across, partialColumns: 0),
      count: across * blockCount(rows, rowBlock))
  }

  /// The same over rows of several rows each, with the row operands repeated.
  private mutating func appendExpandedMap(
    _ body: Function, _ operands: [Tensor], _ kinds: [OperandKind], _ results: [Tensor], _ expansion: RowExpansion,
    _ rowSpace: Place
  ) throws(ExecutionError) {
    guard let shape = results.first else { return }
    let operands = Array(zip(operands, kinds))
    let kernel = try mapKernel(body, operands, results)
    repeatRows(of: kernel, operands, width: expansion.width, space: rowSpace)
    for index in results.indices { kernel.outputs[index].pitch = expansion.width }
    let (whole, rest) = shape.rows.quotientAndRemainder(dividingBy: expansion.rows)
    let rowBlock = max(1, Self.mapBlock / expansion.width)
    append(
      runMap,
      MapContext(
        kernel: kernel, rows: whole, columns: expansion.width, rowBlock: rowBlock, columnBlock: expansion.width, blocksAcross: 1,
        partialColumns: rest * shape.columns),
      count: blockCount(whole + (rest > 0 ? 1 : 0), rowBlock))
  }

  /// Lets a map read rows of `width` floats, with its row operands repeated in `space`.
  mutating func repeatRows(
    of kernel: MapKernel, _ operands: [(Tensor, OperandKind)], width: Int, space: Place
  ) {
    var repeated = 0
    for (index, (tensor, kind)) in operands.enumerated() {
      guard kind == .row else {
        kernel.inputs[index].pitch = width
        continue
      }
      let row = space[repeated]
      append(runRepeat, RepeatContext(row: tensor.floats, columns: tensor.columns, width: width, result: row))
      kernel.inputs[index].pointer = UnsafePointer(row)
      repeated += 1
    }
  }

  /// The program of `body` over operands and results in memory.
  func mapKernel(_ body: Function, _ operands: [(Tensor, OperandKind)], _ results: [Tensor]) throws(ExecutionError) -> MapKernel {
    let compiled = try BodyProgram(body)
    guard compiled.inputCount == operands.count, compiled.outputs.count == results.count else {
      throw .missingKernel(opcode: "map", reason: "@\(body.name) does not fit its operands")
    }
    var program = drn_map_program(
      instruction_count: Int32(compiled.instructions.count), instructions: memory.store(compiled.instructions),
      input_count: Int32(operands.count), output_count: Int32(results.count), output_registers: memory.store(compiled.outputs))
    guard drn_map_check(&program) == 0 else {
      throw .missingKernel(opcode: "map", reason: "@\(body.name) does not compile to a sound program")
    }
    let inputs = operands.map { drn_map_input(pointer: $0.floats, pitch: $1 == .column ? 1 : $0.pitch, kind: $1.mapKind) }
    let outputs = results.map { drn_map_output(pointer: $0.pointer, pitch: $0.pitch, is_half: $0.type.element == .bf16 ? 1 : 0) }
    return MapKernel(program: memory.store(program), inputs: memory.store(inputs), outputs: memory.store(outputs))
  }

  /// The attribute `kinds` of a call.
  func kinds(_ call: Call, count: Int) throws(ExecutionError) -> [OperandKind] {
    let kinds = (call.attributes.integers("kinds") ?? []).compactMap(OperandKind.init(rawValue:))
    guard kinds.count == count else { throw call.unsupported("attribute kinds does not fit the operands") }
    return kinds
  }
}

extension OperandKind {
  fileprivate var mapKind: drn_map_kind {
    switch self {
    case .full: DRN_MAP_FULL
    case .scalar: DRN_MAP_SCALAR
    case .row: DRN_MAP_ROW
    case .column: DRN_MAP_COLUMN
    }
  }
}
