import CKernels
import DrnIR
import DrnKernels
import DrnPlan

/// A factorization on one thread, with its work space and where it reports.
private struct FactorizationContext: BitwiseCopyable {
  let rows: Int
  let columns: Int
  let a: UnsafePointer<Float>
  let pitch: Int
  /// u, or q.
  let left: UnsafeMutablePointer<Float>
  let leftPitch: Int
  let values: UnsafeMutablePointer<Float>?
  /// vt, or r.
  let right: UnsafeMutablePointer<Float>
  let rightPitch: Int
  let workspace: UnsafeMutablePointer<Float>
  let workspaceCount: Int
  let status: UnsafeMutablePointer<Int32>
}

private let runSingularValues: StepTask = { pointer, _ in
  guard let task = pointer?.assumingMemoryBound(to: FactorizationContext.self).pointee else { return }
  task.status.pointee = drn_svd(
    task.rows, task.columns, task.a, task.pitch, task.left, task.leftPitch, task.values, task.right, task.rightPitch, task.workspace,
    task.workspaceCount)
}

private let runOrthonormalize: StepTask = { pointer, _ in
  guard let task = pointer?.assumingMemoryBound(to: FactorizationContext.self).pointee else { return }
  task.status.pointee = drn_qr(
    task.rows, task.columns, task.a, task.pitch, task.left, task.leftPitch, task.right, task.rightPitch, task.workspace,
    task.workspaceCount)
}

extension KernelPreparation {
  /// Appends the steps of a factorization.
  mutating func prepare(_ op: FactorizeOp, _ call: Call) throws(ExecutionError) {
    switch op {
    case .singularValues: try prepareSingularValues(call)
    case .orthonormalize: try prepareOrthonormalize(call)
    }
  }

  mutating func prepareSingularValues(_ call: Call) throws(ExecutionError) {
    let (a, u, vt) = (try call.operand(0), try call.result(0), try call.result(2))
    let status = memory.store(Int32(0))
    let work = call.place(kernelWorkSpace(call.operation, function, threads: workspaces.count).first)
    let context = FactorizationContext(
      rows: a.rows, columns: a.columns, a: a.floats, pitch: a.pitch, left: u.floats, leftPitch: u.pitch,
      values: try call.result(1).floats, right: vt.floats, rightPitch: vt.pitch,
      workspace: work.floats, workspaceCount: work.region.floats, status: status)
    append(runSingularValues, context)
    watch(status, call)
  }

  mutating func prepareOrthonormalize(_ call: Call) throws(ExecutionError) {
    let (a, q) = (try call.operand(0), try call.result(0))
    let status = memory.store(Int32(0))
    let space = OrthonormalizeSpace(rows: a.rows, columns: a.columns)
    let work = call.place(space.work)
    let context = FactorizationContext(
      rows: a.rows, columns: a.columns, a: a.floats, pitch: a.pitch, left: q.floats, leftPitch: q.pitch, values: nil,
      right: call.place(space.right).floats, rightPitch: max(a.columns, 1), workspace: work.floats, workspaceCount: work.region.floats,
      status: status)
    append(runOrthonormalize, context)
    watch(status, call)
  }
}

/// What a factorization's status means; `nil` when it succeeded.
func factorizationFailure(_ status: Int32) -> String? {
  switch drn_lapack_status(rawValue: UInt32(bitPattern: status)) {
  case DRN_LAPACK_DONE: nil
  case DRN_LAPACK_NOT_FINITE: "the matrix holds NaN or infinity"
  case DRN_LAPACK_NO_CONVERGENCE: "LAPACK did not converge"
  default: "the matrix is too large for LAPACK"
  }
}
