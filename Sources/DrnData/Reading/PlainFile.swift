import DrnSystem
import Foundation

/// An open regular file read as it is, from any place.
struct PlainFile: ~Copyable {
  let path: String
  let size: Int
  private let descriptor: Int32

  init(path: String) throws(DataError) {
    self.path = path
    (descriptor, size) = try DataFile.open(path)
  }

  deinit { close(descriptor) }

  /// Fills `target` from `offset`; throws `truncated` where the file ends before.
  func read(at offset: Int, into target: UnsafeMutableRawBufferPointer) throws(DataError) {
    guard let base = target.baseAddress else { return }
    var filled = 0
    while filled < target.count {
      let count = pread(descriptor, base + filled, target.count - filled, off_t(offset + filled))
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw DataFile.failure(path, code: errno) }
      if count == 0 {
        throw DataError(
          kind: .truncated, path: path, message: "ends \(target.count - filled) bytes too early", help: "copy or download it again")
      }
      filled += count
    }
  }

  /// The `count` bytes from `offset`; refuses what the file does not hold before memory is taken for it.
  func read(at offset: Int, count: Int) throws(DataError) -> [UInt8] {
    guard offset >= 0, count >= 0, offset <= size, count <= size - offset else {
      throw DataError(
        kind: .truncated, path: path, message: "is \(size) bytes long; \(count) bytes from \(offset) on are needed",
        help: "copy or download it again")
    }
    // A look at the memory of the machine takes longer than to read a few bytes.
    if count > 1 << 16 { try checkMemory(count, path: path) }
    var failure: DataError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      do throws(DataError) {
        try read(at: offset, into: UnsafeMutableRawBufferPointer(buffer))
        filled = count
      } catch { failure = error }
    }
    if let failure { throw failure }
    return bytes
  }

  func readAll() throws(DataError) -> [UInt8] { try read(at: 0, count: size) }
}
