import DrnPlan

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

  /// Allocates `bytes`; an error where that is more than the machine's memory or the system refuses.
  init(bytes: Int) throws(ExecutionError) {
    let available = Self.physicalMemory
    guard bytes >= 0, bytes <= available else { throw .outOfMemory(needed: bytes, available: available) }
    var pointer: UnsafeMutableRawPointer?
    // Whole pages, so that two segments never share one; at least one byte, because an empty block may have no address.
    let status = posix_memalign(&pointer, 4096, max(bytes, SegmentPlan.alignment))
    guard status == 0, let pointer else { throw .outOfMemory(needed: bytes, available: available) }
    memset(pointer, 0, bytes)
    base = pointer
    self.bytes = bytes
  }

  deinit { free(base) }

  private static var physicalMemory: Int {
    let (pages, size) = (sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_PAGESIZE)))
    let (bytes, overflow) = pages.multipliedReportingOverflow(by: size)
    return pages > 0 && size > 0 && !overflow ? bytes : Int.max
  }
}
