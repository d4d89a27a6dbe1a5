import DrnIR
import DrnKernels
import DrnPlan

extension KernelPreparation {
  /// `[B, C, H, W]` to `[B, H, W, C]`: of every image, a transposition of channels by pixels.
  mutating func prepareChannelsLast(_ call: Call) throws(ExecutionError) {
    let (source, result) = (try call.operand(0), try call.result(0))
    let shape = source.extents
    guard shape.count == 4 else { throw call.unsupported("its operand is no batch of images") }
    appendTransposes(source, to: result, count: shape[0], rows: shape[1], columns: shape[2] * shape[3])
  }

  /// `[B, H, W, C]` to `[B, C, H, W]`.
  mutating func prepareChannelsFirst(_ call: Call) throws(ExecutionError) {
    let (source, result) = (try call.operand(0), try call.result(0))
    let shape = source.extents
    guard shape.count == 4 else { throw call.unsupported("its operand is no batch of images") }
    appendTransposes(source, to: result, count: shape[0], rows: shape[1] * shape[2], columns: shape[3])
  }
}
