import CKernels
import DrnIR
import DrnPlan

/// Bytes of work space the kernel of an operation needs with so many threads, that of LAPACK included.
func kernelScratchBytes(_ operation: Operation, _ function: Function, threads: Int) -> Int {
  let shape = extents(operation, 0, function)
  if operation.opcode == .singularValues, shape.count == 2 { return floatBytes(drn_svd_workspace(shape[0], shape[1])) }
  if operation.opcode == .orthonormalize, shape.count == 2 {
    return floatBytes(drn_qr_workspace(shape[0], shape[1]) + min(shape[0], shape[1]) * shape[1])
  }
  return stepScratchBytes(operation, function, threads: threads)
}
