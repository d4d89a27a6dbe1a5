import CKernels
import DrnIR
import DrnKernels
import DrnPlan

/// A sum over the rows, the columns or all of a pitched matrix.
private struct SumContext: BitwiseCopyable {
  let source: UnsafePointer<Float>
  let pitch: Int
  let rows: Int
  let columns: Int
  let result: UnsafeMutablePointer<Float>
  /// Rows or columns of one task.
  let block: Int
}

private let runSumOfColumns: StepTask = { pointer, index in
  guard let sum = pointer?.assumingMemoryBound(to: SumContext.self).pointee else { return }
  let first = index * sum.block
  drn_sum_columns(sum.source, sum.pitch, 0, sum.rows, first, min(first + sum.block, sum.columns), sum.result)
}

/// Sums of columns of successive matrices in blocks of rows, then of the blocks.
private struct ColumnSumContext: BitwiseCopyable {
  let plan: ColumnSumPlan
  let source: UnsafePointer<Float>
  let pitch: Int
  /// Where the sums of a block go: a row of work space, or the result where a matrix is one block.
  let sums: UnsafeMutablePointer<Float>
  let sumPitch: Int
}

private let runSumOfBlock: StepTask = { pointer, index in
  guard let sum = pointer?.assumingMemoryBound(to: ColumnSumContext.self).pointee else { return }
  let plan = sum.plan
  let blocks = max(plan.blocks, 1)
  let first = index % blocks * plan.block
  let matrix = sum.source + index / blocks * plan.rows * sum.pitch
  drn_sum_columns(matrix, sum.pitch, first, min(first + plan.block, plan.rows), 0, plan.columns, sum.sums + index * sum.sumPitch)
}

/// The sums of blocks, one matrix after another.
private struct BlockSumContext: BitwiseCopyable {
  let plan: ColumnSumPlan
  let partials: UnsafePointer<Float>
  let result: UnsafeMutablePointer<Float>
  let resultPitch: Int
}

private let runSumOfBlocks: StepTask = { pointer, index in
  guard let sum = pointer?.assumingMemoryBound(to: BlockSumContext.self).pointee else { return }
  let plan = sum.plan
  drn_sum_columns(
    sum.partials + index * plan.blocks * plan.columns, plan.columns, 0, plan.blocks, 0, plan.columns, sum.result + index * sum.resultPitch)
}

private let runSumOfRows: StepTask = { pointer, index in
  guard let sum = pointer?.assumingMemoryBound(to: SumContext.self).pointee else { return }
  let first = index * sum.block
  drn_sum_rows(sum.source, sum.pitch, first, min(first + sum.block, sum.rows), sum.columns, sum.result)
}

private let runSumOfAll: StepTask = { pointer, _ in
  guard let sum = pointer?.assumingMemoryBound(to: SumContext.self).pointee else { return }
  sum.result.pointee = Float(drn_sum_all(sum.source, sum.pitch, sum.rows, sum.columns))
}

/// A sum over any axes, one result element per task.
private struct AxesSumContext: BitwiseCopyable {
  let source: UnsafePointer<Float>
  let result: UnsafeMutablePointer<Float>
  let keptCount: Int
  let keptExtents: UnsafeMutablePointer<Int>
  let keptStrides: UnsafeMutablePointer<Int>
  let resultStrides: UnsafeMutablePointer<Int>
  let summedCount: Int
  let summedExtents: UnsafeMutablePointer<Int>
  let summedStrides: UnsafeMutablePointer<Int>
}

private let runSumOverAxes: StepTask = { pointer, index in
  guard let sum = pointer?.assumingMemoryBound(to: AxesSumContext.self).pointee else { return }
  var (rest, source, result) = (index, 0, 0)
  for axis in (0..<sum.keptCount).reversed() {
    let coordinate = rest % sum.keptExtents[axis]
    rest /= sum.keptExtents[axis]
    source += coordinate * sum.keptStrides[axis]
    result += coordinate * sum.resultStrides[axis]
  }
  sum.result[result] = Float(addAll(sum, 0, sum.source + source))
}

/// The sum over the summed axes from `axis` on.
private func addAll(_ sum: AxesSumContext, _ axis: Int, _ source: UnsafePointer<Float>) -> Double {
  guard axis < sum.summedCount else { return Double(source.pointee) }
  var total = 0.0
  for index in 0..<sum.summedExtents[axis] { total += addAll(sum, axis + 1, source + index * sum.summedStrides[axis]) }
  return total
}

extension KernelPreparation {
  /// Appends the steps of an op that sums elements.
  mutating func prepare(_ op: ReduceOp, _ call: Call) throws(ExecutionError) {
    switch op {
    case .sum: try prepareSum(call)
    case .norm: try prepareNorm(call)
    }
  }

  /// Elements one task adds, about.
  private static let sumBlock = 1 << 14

  mutating func prepareSum(_ call: Call) throws(ExecutionError) {
    let (source, result) = (try call.operand(0), try call.result(0))
    let axes = call.attributes.integers("axes") ?? []
    let extents = source.extents
    if axes.isEmpty { return appendReshape(source, to: result) }
    if axes.count == extents.count {
      return append(runSumOfAll, context(source, rows: source.rows, columns: source.columns, pitch: source.pitch, result, block: 1))
    }
    let kept = extents.indices.filter { !axes.contains($0) }
    if let plan = ColumnSumPlan(call.operation, function) { return appendSumOfColumns(call, plan, source, result) }
    if result.layout.isTight, axes == Array(0..<axes.count) {
      return appendSumOfColumns(source, result, summed: axes.map { extents[$0] }.reduce(1, *))
    }
    if result.layout.isTight, kept == Array(0..<kept.count) {
      return appendSumOfRows(source, result, summed: axes.map { extents[$0] }.reduce(1, *))
    }
    let strides = source.strides
    append(
      runSumOverAxes,
      AxesSumContext(
        source: source.floats, result: result.floats, keptCount: kept.count, keptExtents: memory.store(kept.map { extents[$0] }),
        keptStrides: memory.store(kept.map { strides[$0] }), resultStrides: memory.store(result.strides), summedCount: axes.count,
        summedExtents: memory.store(axes.map { extents[$0] }), summedStrides: memory.store(axes.map { strides[$0] })),
      count: result.layout.count)
  }

  private mutating func appendSumOfColumns(_ call: Call, _ plan: ColumnSumPlan, _ source: Tensor, _ result: Tensor) {
    let resultPitch = plan.matrices == 1 ? plan.columns : result.pitch
    guard plan.blocks > 1 else {
      let context = ColumnSumContext(plan: plan, source: source.floats, pitch: source.pitch, sums: result.floats, sumPitch: resultPitch)
      return append(runSumOfBlock, context, count: plan.matrices)
    }
    let partials = call.place(plan.workSpace.sums).floats
    append(
      runSumOfBlock,
      ColumnSumContext(plan: plan, source: source.floats, pitch: source.pitch, sums: partials, sumPitch: plan.columns),
      count: plan.matrices * plan.blocks)
    append(
      runSumOfBlocks, BlockSumContext(plan: plan, partials: partials, result: result.floats, resultPitch: resultPitch), count: plan.matrices
    )
  }

  private mutating func appendSumOfColumns(_ source: Tensor, _ result: Tensor, summed: Int) {
    let columns = result.layout.count
    let block = min(max(Self.sumBlock / max(summed, 1) / 16 * 16, 64), max(columns, 1))
    let pitch = source.extents.count == 2 ? source.pitch : columns
    let context = context(source, rows: summed, columns: columns, pitch: pitch, result, block: block)
    append(runSumOfColumns, context, count: blockCount(columns, block))
  }

  private mutating func appendSumOfRows(_ source: Tensor, _ result: Tensor, summed: Int) {
    let rows = result.layout.count
    let block = max(Self.sumBlock / max(summed, 1), 1)
    let pitch = source.extents.count == 2 ? source.pitch : summed
    append(runSumOfRows, context(source, rows: rows, columns: summed, pitch: pitch, result, block: block), count: blockCount(rows, block))
  }

  private func context(_ source: Tensor, rows: Int, columns: Int, pitch: Int, _ result: Tensor, block: Int) -> SumContext {
    SumContext(source: source.floats, pitch: pitch, rows: rows, columns: columns, result: result.floats, block: block)
  }
}
