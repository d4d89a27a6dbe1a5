import DrnSystem
import Foundation

/// An open regular file whose size is known, read by position.
struct FileReader: ~Copyable {
  let path: String
  let size: Int
  private let descriptor: Int32

  init(path: String) throws(TensorFileError) {
    // Not blocking: opening a named pipe must not wait for a writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .reading(path, code: errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw .reading(path, code: code)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw TensorFileError(kind: .unreadable, path: path, message: "is not a regular file")
    }
    if let foreign = ForeignFile(descriptor: descriptor) {
      close(descriptor)
      throw TensorFileError(kind: .unsupported, path: path, message: foreign.message)
    }
    self.path = path
    self.size = Int(status.st_size)
    self.descriptor = descriptor
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
