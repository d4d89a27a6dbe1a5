import DrnPlan
import DrnSystem

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The one block of memory a segment computes in; zero at first.
final class Arena {
  let base: UnsafeMutableRawPointer
  let bytes: Int
  /// Bytes before and behind that belong to the block but to no value.
  let margin: Int

  /// Allocates `bytes`; an error where that is more than the machine has left or the system refuses.
  init(bytes: Int, margin: Int = 0) throws(ExecutionError) {
    let available = MachineMemory.available
    guard bytes >= 0, bytes <= available - 2 * margin else { throw .outOfMemory(needed: bytes, available: available) }
    var pointer: UnsafeMutableRawPointer?
    // Whole pages, so that two segments never share one; at least one byte, because an empty block may have no address.
    let isLarge = bytes >= 4 * Self.largePage
    let status = posix_memalign(&pointer, isLarge ? Self.largePage : 4096, max(bytes + 2 * margin, SegmentPlan.alignment))
    guard status == 0, let pointer else { throw .outOfMemory(needed: bytes, available: available) }
    #if os(Linux)
      // Fewer page walks in passes over whole activations; the system may refuse without harm.
      if isLarge { _ = madvise(pointer, bytes, MADV_HUGEPAGE) }
    #endif
    memset(pointer, 0, bytes + 2 * margin)
    base = pointer + margin
    (self.bytes, self.margin) = (bytes, margin)
  }

  deinit { free(base - margin) }

  /// Bytes of a large page on x86-64, and of one of the sizes on other processors.
  private static let largePage = 1 << 21
}
