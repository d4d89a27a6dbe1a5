import DrnSystem
import Foundation

/// An open regular file whose size is known, read by position.
struct FileReader: ~Copyable {
  let path: String
  let size: Int
  private let descriptor: Int32

  init(path: String) throws(TensorFileError) {
    let file: (descriptor: Int32, size: Int)?
    do { file = try Files.openRegular(path) } catch { throw .reading(path, code: error.code) }
    guard let file else { throw TensorFileError(kind: .unreadable, path: path, message: "is not a regular file") }
    if let foreign = ForeignFile(descriptor: file.descriptor) {
      close(file.descriptor)
      throw TensorFileError(kind: .unsupported, path: path, message: foreign.message)
    }
    self.path = path
    (descriptor, size) = file
  }

  deinit { close(descriptor) }

  /// The `count` bytes from `offset`; the caller has checked both against `size`, and a file that shrank meanwhile is reported.
  func bytes(at offset: Int, count: Int) throws(TensorFileError) -> [UInt8] {
    let available = MachineMemory.available
    guard count <= available else {
      throw TensorFileError(
        kind: .tooLarge, path: path, message: "\(count) bytes do not fit in the \(available) that this machine has left")
    }
    var code: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      code = fill(buffer, from: offset, filled: &filled)
    }
    guard code == 0 else { throw .reading(path, code: code) }
    guard bytes.count == count else {
      throw TensorFileError(kind: .truncated, path: path, message: "ends after \(offset + bytes.count) bytes; \(offset + count) are needed")
    }
    return bytes
  }

  /// Reads until the buffer is full or the file ends; the error number, or 0.
  private func fill(_ buffer: UnsafeMutableBufferPointer<UInt8>, from offset: Int, filled: inout Int) -> Int32 {
    guard let base = buffer.baseAddress else { return 0 }
    while filled < buffer.count {
      let count = pread(descriptor, base + filled, buffer.count - filled, off_t(offset + filled))
      if count < 0 {
        if errno == EINTR { continue }
        return errno
      }
      if count == 0 { break }
      filled += count
    }
    return 0
  }
}
