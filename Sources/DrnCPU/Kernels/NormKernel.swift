import CKernels
import DrnIR
import DrnKernels
import DrnPlan

/// One operand of a norm, a pitched matrix.
private struct NormOperand: BitwiseCopyable {
  let source: UnsafePointer<Float>
  let pitch: Int
  let rows: Int
  let columns: Int
}

/// The norm of all operands: the sum of squares of each by a task of its own, in double precision, then the root of their sum in order.
private struct NormContext: BitwiseCopyable {
  let operands: UnsafeMutablePointer<NormOperand>
  let count: Int
  /// The sum of squares of each operand.
  let sums: UnsafeMutablePointer<Double>
  let result: UnsafeMutablePointer<Float>
}

private let runSumOfSquares: StepTask = { pointer, index in
  guard let norm = pointer?.assumingMemoryBound(to: NormContext.self).pointee else { return }
  let operand = norm.operands[index]
  norm.sums[index] = drn_sum_squares(operand.source, operand.pitch, operand.rows, operand.columns)
}

private let runRootOfSums: StepTask = { pointer, _ in
  guard let norm = pointer?.assumingMemoryBound(to: NormContext.self).pointee else { return }
  norm.result.pointee = Float((0..<norm.count).reduce(0.0) { $0 + norm.sums[$1] }.squareRoot())
}

extension KernelPreparation {
  mutating func prepareNorm(_ call: Call) throws(ExecutionError) {
    var operands: [NormOperand] = []
    for index in call.operands.indices {
      let tensor = try call.operand(index)
      operands.append(NormOperand(source: tensor.floats, pitch: tensor.pitch, rows: tensor.rows, columns: tensor.columns))
    }
    let space = call.place(stepWorkSpace(call.operation, function, threads: workspaces.count).first).floats
    let sums = UnsafeMutableRawPointer(space).bindMemory(to: Double.self, capacity: operands.count)
    let context = NormContext(
      operands: memory.store(operands), count: operands.count, sums: sums,
      result: try call.result(0).floats)
    append(runSumOfSquares, context, count: operands.count)
    append(runRootOfSums, context)
  }
}
