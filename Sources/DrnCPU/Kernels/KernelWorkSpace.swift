import CKernels
import DrnIR
import DrnKernels
import DrnPlan

/// The work space of the kernel of an operation with so many threads, that of LAPACK included.
func kernelWorkSpace(_ operation: Operation, _ function: Function, threads: Int) -> WorkSpace {
  let shape = extents(operation, 0, function)
  guard case .factorize(let op) = operation.opcode, shape.count == 2 else { return stepWorkSpace(operation, function, threads: threads) }
  switch op {
  case .singularValues: return WorkSpace(drn_svd_workspace(shape[0], shape[1]))
  case .orthonormalize: return OrthonormalizeSpace(rows: shape[0], columns: shape[1]).whole
  }
}

/// Where an orthonormalization keeps what LAPACK works in, and the triangular factor.
struct OrthonormalizeSpace {
  let work: WorkSpace.Region
  let right: WorkSpace.Region
  let whole: WorkSpace

  init(rows: Int, columns: Int) {
    var whole = WorkSpace()
    work = whole.add(drn_qr_workspace(rows, columns))
    right = whole.add(min(rows, columns) * columns)
    self.whole = whole
  }
}
