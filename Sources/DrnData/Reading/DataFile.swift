import CZlib
import DrnSystem
import DrnTensorFile
import Foundation

/// An open file read from front to back, decompressed when its contents are gzip, whatever its name.
struct DataFile: ~Copyable {
  let path: String
  /// An upper bound of the decompressed length, exact for a file that is not compressed.
  let longestContent: Int
  let isCompressed: Bool
  private let file: gzFile

  /// Deflate cannot shrink anything further than this (zlib's technical notes, "Maximum Compression Factor").
  private static let highestRatio = 1032
  private static let bufferCount: UInt32 = 1 << 18

  init(path: String) throws(DataError) {
    let (descriptor, size) = try Self.open(path)
    guard let file = gzdopen(descriptor, "rb") else {
      close(descriptor)
      throw DataError(kind: .unreadable, path: path, message: "cannot be read: no memory for its buffers")
    }
    gzbuffer(file, Self.bufferCount)
    self.path = path
    self.file = file
    // Looks at the first two bytes and remembers them.
    isCompressed = gzdirect(file) == 0
    let (bound, overflow) = size.multipliedReportingOverflow(by: isCompressed ? Self.highestRatio : 1)
    longestContent = overflow ? Int.max : bound
  }

  deinit { gzclose(file) }

  /// Refuses a size announced by a header that the file cannot hold, before memory is taken for it.
  func checkRoom(for count: Int, after offset: Int, what: String) throws(DataError) {
    guard count <= longestContent - offset else {
      throw DataError(
        kind: .truncated, path: path,
        message: "announces \(what), \(count) bytes; the file is too short to hold them", help: "copy or download it again")
    }
    try checkMemory(count, path: path)
  }

  /// The next `count` bytes; throws `truncated` when the file ends before. The caller has checked `count` with `checkRoom`.
  func read(count: Int) throws(DataError) -> [UInt8] {
    var present = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = fill(buffer)
      present = filled
    }
    try checkStream()
    guard present == count else {
      throw DataError(
        kind: .truncated, path: path, message: "ends \(count - present) bytes too early", help: "copy or download it again")
    }
    return bytes
  }

  /// Up to `count` bytes; fewer only at the end of the file.
  func readUp(to count: Int) throws(DataError) -> [UInt8] {
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in filled = fill(buffer) }
    try checkStream()
    return bytes
  }

  /// The whole contents of a file.
  static func readAll(_ path: String) throws(DataError) -> [UInt8] {
    let file = try DataFile(path: path)
    var bytes: [UInt8] = []
    if !file.isCompressed {
      try checkMemory(file.longestContent, path: path)
      bytes.reserveCapacity(file.longestContent)
    }
    while true {
      let chunk = try file.readUp(to: 1 << 20)
      if chunk.count > bytes.capacity - bytes.count { try checkMemory((bytes.count + chunk.count) * 2, path: path) }
      bytes += chunk
      if chunk.count < 1 << 20 { return bytes }
    }
  }

  /// Throws unless everything has been read; at the end of compressed contents this also verifies their checksum.
  func checkEnd() throws(DataError) {
    guard try readUp(to: 1).isEmpty else {
      throw DataError(kind: .sizeMismatch, path: path, message: "goes on after the data its header announces")
    }
  }

  private func fill(_ buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
    guard let base = buffer.baseAddress else { return 0 }
    var filled = 0
    while filled < buffer.count {
      let count = gzread(file, base + filled, UInt32(min(buffer.count - filled, 1 << 30)))
      if count <= 0 { break }
      filled += Int(count)
    }
    return filled
  }

  private func checkStream() throws(DataError) {
    var code: Int32 = Z_OK
    _ = gzerror(file, &code)
    switch code {
    case Z_OK, Z_STREAM_END: return
    case Z_BUF_ERROR:
      throw DataError(kind: .truncated, path: path, message: "its compressed data end too early", help: "copy or download it again")
    case Z_ERRNO: throw Self.failure(path, code: errno)
    default:
      throw DataError(kind: .corrupt, path: path, message: "its compressed data are damaged", help: "copy or download it again")
    }
  }

  /// A regular file to be read, with its size in bytes.
  static func open(_ path: String) throws(DataError) -> (descriptor: Int32, size: Int) {
    let file: (descriptor: Int32, size: Int)?
    do { file = try Files.openRegular(path) } catch { throw failure(path, code: error.code) }
    guard let file else { throw DataError(kind: .unreadable, path: path, message: "is not a regular file") }
    guard let foreign = ForeignFile(descriptor: file.descriptor) else { return file }
    close(file.descriptor)
    throw DataError(kind: .unsupported, path: path, message: foreign.message)
  }

  static func failure(_ path: String, code: Int32) -> DataError {
    if code == ENOENT || code == ENOTDIR { return DataError(kind: .missingFile, path: path, message: "there is no such file") }
    return DataError(kind: .unreadable, path: path, message: "cannot be read: \(String(cString: strerror(code)))")
  }
}

/// Refuses an amount of data that this machine has no memory for.
func checkMemory(_ count: Int, path: String) throws(DataError) {
  let available = MachineMemory.available
  guard count <= available else {
    throw DataError(kind: .tooLarge, path: path, message: "\(count) bytes do not fit in the \(available) that this machine has left")
  }
}

/// Refuses to double an array that is full when that would exceed the memory of this machine; for contents of unknown length.
func checkGrowth<Element>(of values: [Element], path: String) throws(DataError) {
  guard values.count == values.capacity else { return }
  try checkMemory(values.count * 2 * MemoryLayout<Element>.stride, path: path)
}
