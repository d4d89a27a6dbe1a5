import DrnKernels
import DrnPlan

/// A region of the work space of a call, in memory.
struct Place: BitwiseCopyable {
  let region: WorkSpace.Region
  /// The first piece.
  let floats: UnsafeMutablePointer<Float>
  /// Whether pieces are poisoned when a task takes them.
  let isGuarded: Bool

  /// No memory at all.
  var isEmpty: Bool { region.pieces == 0 }

  subscript(piece: Int) -> UnsafeMutablePointer<Float> { floats + piece * region.step }

  /// The piece of a task that begins; of no use what another task left there.
  func take(_ piece: Int) -> UnsafeMutablePointer<Float> {
    let taken = self[piece]
    if isGuarded { poison(taken, bytes: region.floats * MemoryLayout<Float>.stride) }
    return taken
  }
}

extension Call {
  func place(_ region: WorkSpace.Region) -> Place {
    Place(region: region, floats: scratch.assumingMemoryBound(to: Float.self) + region.offset, isGuarded: isGuarded)
  }
}
