import CKernels
import DrnIR
import DrnKernels
import DrnPlan

/// The moments of the columns of x: of blocks of rows, then of all.
private struct MomentsContext: BitwiseCopyable {
  let plan: BatchNormPlan
  let x: UnsafePointer<Float>
  let pitch: Int
  let scale: UnsafePointer<Float>
  let offset: UnsafePointer<Float>
  let epsilon: Float
  /// A row of means for each block.
  let means: UnsafeMutablePointer<Float>
  /// As many of sums of squares.
  let squares: UnsafeMutablePointer<Float>
  /// Two rows.
  let factors: UnsafeMutablePointer<Float>
  let mean: UnsafeMutablePointer<Float>
  let variance: UnsafeMutablePointer<Float>
}

private let runMoments: StepTask = { pointer, index in
  guard let norm = pointer?.assumingMemoryBound(to: MomentsContext.self).pointee else { return }
  let (plan, first) = (norm.plan, index * norm.plan.block)
  drn_column_moments(
    norm.x, norm.pitch, first, min(first + plan.block, plan.rows), plan.columns, norm.means + index * plan.columns,
    norm.squares + index * plan.columns)
}

private let combineMoments: StepTask = { pointer, _ in
  guard let norm = pointer?.assumingMemoryBound(to: MomentsContext.self).pointee else { return }
  drn_combine_moments(
    norm.means, norm.squares, norm.plan.rows, norm.plan.block, norm.plan.columns, norm.scale, norm.offset, norm.epsilon, norm.mean,
    norm.variance, norm.factors)
}

extension KernelPreparation {
  /// Three passes: moments of blocks, their combination, and one map that normalizes and applies the epilogue.
  mutating func prepareBatchNorm(_ call: Call) throws(ExecutionError) {
    let results = Array(call.results.dropLast(2))
    guard call.results.count > 2 else { throw call.unsupported("it has no result") }
    let (x, mean) = (try call.operand(0), call.results[call.results.count - 2])
    let space = BatchNormSpace(call.operation, function, threads: workspaces.count)
    let context = try appendMoments(call, space)
    var map = ScalarProgram(name: "batch_norm")
    let scaled = map.apply(.multiply, map.argument(x, .full), map.argument(context.factors, of: mean))
    let y = map.apply(.add, scaled, map.argument(context.factors + x.columns, of: mean))
    let values = try fuse(&map, y, call, attribute: "epilogue", extrasFrom: 3)
    try append(map, results: values, to: results, rowSpace: call.place(space.rows))
  }

  /// The first two passes, whose factors become results.
  mutating func prepareBatchNormFactors(_ call: Call) throws(ExecutionError) {
    let context = try appendMoments(call, BatchNormSpace(call.operation, function, threads: workspaces.count))
    let columns = context.plan.columns
    for index in 0..<2 {
      let result = try call.result(index)
      append(runRepeat, RepeatContext(row: context.factors + index * columns, columns: columns, width: columns, result: result.floats))
    }
  }

  /// The moments of x, the last two results, with the factors in work space.
  private mutating func appendMoments(_ call: Call, _ space: BatchNormSpace) throws(ExecutionError) -> MomentsContext {
    let (x, scale, offset) = (try call.operand(0), try call.operand(1), try call.operand(2))
    let (mean, variance) = (try call.result(call.results.count - 2), try call.result(call.results.count - 1))
    let plan = BatchNormPlan(rows: x.rows, columns: x.columns)
    let context = MomentsContext(
      plan: plan, x: x.floats, pitch: x.pitch, scale: scale.floats, offset: offset.floats,
      epsilon: Float(call.attributes.number("epsilon") ?? 0),
      means: call.place(space.sums).floats, squares: call.place(space.products).floats, factors: call.place(space.factors).floats,
      mean: mean.floats, variance: variance.floats)
    appendByRows(runMoments, context, rows: plan.rows, block: plan.block, reading: [x])
    append(combineMoments, context, count: plan.blocks > 0 ? 1 : 0)
    return context
  }

  /// Ends a map by a fused function of `element` and the extra operands, whose results are those of the map.
  func fuse(
    _ map: inout ScalarProgram, _ element: Value, _ call: Call, attribute: String, extrasFrom first: Int
  ) throws(ExecutionError) -> [Value] {
    guard let name = call.attributes.function(attribute) else { return [element] }
    guard let body = module.function(name) else { throw call.unsupported("its \(attribute) is missing") }
    let extras = Array(call.operands.dropFirst(first))
    let arguments = zip(extras, try kinds(call, count: extras.count)).map { map.argument($0, $1) }
    return try map.inline(body, [element] + arguments)
  }
}
