import CKernels
import DrnIR
import DrnKernels
import DrnPlan

/// A value's memory: a matrix of the last axis by all others, with a row pitch.
struct Tensor {
  let pointer: UnsafeMutableRawPointer
  let type: TensorType
  let layout: Layout

  var floats: UnsafeMutablePointer<Float> { pointer.assumingMemoryBound(to: Float.self) }
  /// Numbers of half the width, by their bits.
  var halves: UnsafeMutablePointer<UInt16> { pointer.assumingMemoryBound(to: UInt16.self) }
  var labels: UnsafeMutablePointer<Int32> { pointer.assumingMemoryBound(to: Int32.self) }
  var key: UnsafeMutablePointer<UInt64> { pointer.assumingMemoryBound(to: UInt64.self) }
  var rows: Int { layout.rows }
  var columns: Int { layout.columns }
  var pitch: Int { layout.pitch }
  /// The extents; the plan exists only for concrete types.
  var extents: [Int] { type.extents ?? [] }

  /// Elements from one index to the next along each axis.
  var strides: [Int] {
    let extents = extents
    guard extents.count != 2 else { return [layout.pitch, 1] }
    var strides = Array(repeating: 1, count: extents.count)
    for axis in extents.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * extents[axis + 1] }
    return strides
  }
}
